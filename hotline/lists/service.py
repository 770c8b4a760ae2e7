"""Saving a filter under a name, and forgetting it. Both are each user's own."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from hotline.context import Context
from hotline.lists.models import SavedFilter
from hotline.lists.queries import saved_filters
from hotline.lists.rules import FilterRefused, Obstacle, check


def save_filter(context: Context, place: str, name: str, asked: Mapping[str, str]) -> int:
    """Keep what the address of a list says. Returns the filter's id. Raises `FilterRefused`."""
    kept = {key: value.strip() for key, value in asked.items() if value.strip()}
    with context.writing() as session:
        earlier = saved_filters(session, context.actor.user_id, place)
        check(name.strip(), kept, [one.name for one in earlier])
        made = SavedFilter(
            user_id=context.actor.user_id,
            place=place,
            name=name.strip(),
            asked=kept,
            made_at=context.now(),
        )
        session.add(made)
        try:
            session.flush()
        except IntegrityError:  # saved on another page at this moment
            raise FilterRefused(Obstacle.NAME_TAKEN) from None
        return made.id


def forget_filter(context: Context, filter_id: int) -> bool:
    """False if it is not the actor's, or is gone already."""
    own = delete(SavedFilter).where(SavedFilter.id == filter_id)
    with context.writing() as session:
        gone = session.execute(own.where(SavedFilter.user_id == context.actor.user_id))
        return bool(gone.rowcount)  # type: ignore[attr-defined]
