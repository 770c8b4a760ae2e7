"""Which deeds can be taken back, and the offer beside the message that tells of one.

A deed is offered here where taking it back leaves nothing behind: nobody was told, no clock moved, no number
was given. Whether nothing else has happened since is the core's to say; the offer is on the next page alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import flash, session

from hotline.callbacks.service import owe_again
from hotline.context import Context
from hotline.gazetteer.service import suggest_again
from hotline.line_security.service import alarm_unseen

_KEY = "undo"


@dataclass(frozen=True)
class Undo:
    """How a deed is taken back by its row's id and its moment, and the page to go on with."""

    take_back: Callable[[Context, int, datetime], None]
    endpoint: str


UNDOS: Mapping[str, Undo] = {
    "callback": Undo(owe_again, "callbacks.listed"),
    "alarm": Undo(alarm_unseen, "harassment.listed"),
    "place": Undo(suggest_again, "gazetteer.listed"),
}


def flash_undoable(words: str, deed: str, row_id: int, at: datetime) -> None:
    """Say what was done, and offer to take it back."""
    flash(words)
    session[_KEY] = {"deed": deed, "row_id": row_id, "at": at.isoformat()}


def offer() -> dict[str, str | int] | None:
    """What can be taken back from this page, once."""
    found: dict[str, str | int] | None = session.pop(_KEY, None)
    return found
