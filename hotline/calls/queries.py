"""Reads of calls and seats: the live board and the desk."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.calls.models import Call, CallState, OwedCallback, Seat

WITH_AN_AGENT = (CallState.TALKING, CallState.BROKEN, CallState.PARTING)


@dataclass(frozen=True)
class Board:
    """What the live board shows: callers waiting (the longest first), talking, and every seat."""

    waiting: Sequence[Call]
    talking: Sequence[Call]
    seats: Sequence[Seat]
    owed: Sequence[OwedCallback]


def board(session: Session) -> Board:
    """The board as it stands now."""
    with_people = (joinedload(Call.contact), joinedload(Call.agent))
    live = select(Call).options(*with_people).where(Call.state != CallState.ENDED).order_by(Call.started_at)
    calls = session.scalars(live).all()
    seats = select(Seat).options(joinedload(Seat.user), joinedload(Seat.call)).order_by(Seat.extension)
    owed = select(OwedCallback).where(OwedCallback.done_at.is_(None)).order_by(OwedCallback.owed_at)
    return Board(
        waiting=[call for call in calls if call.state not in WITH_AN_AGENT],
        talking=[call for call in calls if call.state in WITH_AN_AGENT],
        seats=session.scalars(seats).all(),
        owed=session.scalars(owed).all(),
    )


def seat_of(session: Session, user_id: int) -> Seat | None:
    """The user's seat with its current call, or None before their first shift."""
    query = (
        select(Seat).options(joinedload(Seat.call).joinedload(Call.contact)).where(Seat.user_id == user_id)
    )
    return session.scalar(query)


def calls_of_contact(session: Session, contact_id: int) -> Sequence[Call]:
    """Calls of a contact with their legs, oldest first."""
    query = select(Call).options(selectinload(Call.legs), joinedload(Call.agent))
    return session.scalars(query.where(Call.contact_id == contact_id).order_by(Call.id)).all()
