"""Taking a deed back, for as long as nothing else has happened to its row."""

from datetime import datetime

from hotline.people.actors import Actor


class NothingToUndo(Exception):
    """The deed is not the last thing that happened to the row, or it was somebody else's."""


def must_be_last(actor: Actor, done_at: datetime | None, done_by_id: int | None, at: datetime) -> None:
    """Raise `NothingToUndo` unless the row still says that this actor did it at this moment."""
    if done_at != at or done_by_id != actor.user_id:
        raise NothingToUndo
