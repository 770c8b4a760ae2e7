"""Accepted, handled, answered, supervised: a matter in four stages at one glance ([S 002-06]). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.tickets.models import Ticket
from hotline.tickets.states import State


class Part(StrEnum):
    """受理、办理、反馈、监督. Supervised is whatever looks on: notices, and the citizen who is asked."""

    ACCEPTED = "accepted"
    HANDLED = "handled"
    ANSWERED = "answered"
    SUPERVISED = "supervised"


class Mark(StrEnum):
    """How far a stage is."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    NONE = "none"  # it does not come to that


@dataclass(frozen=True)
class PartMark:
    """One of the four. `at`: when it was last done, or begun."""

    part: Part
    mark: Mark
    at: datetime | None = None


class Line(Protocol):
    """What of a history is looked at."""

    @property
    def event(self) -> str:
        """Which move or note it is."""

    @property
    def at(self) -> datetime:
        """When."""


_LETTERS = {"d": Mark.DONE, "n": Mark.NOW, "a": Mark.AHEAD, "-": Mark.NONE}
_BY_STATE: Mapping[State, str] = {
    State.DRAFT: "naaa",
    State.REGISTERED: "naaa",
    State.NEED_INFO: "naaa",
    State.NOT_ACCEPTED: "----",
    State.MERGED: "dnaa",
    State.TRANSFERRED: "dn--",
    State.TO_DISPATCH: "dnaa",
    State.DISPATCHED: "dnaa",
    State.RETURN_PENDING: "dnaa",
    State.HANDLING: "dnaa",
    State.NEED_INFO_UNIT: "dnaa",
    State.SUSPENDED: "dnaa",
    State.REWORK: "dnaa",
    State.REPLIED: "ddna",
    State.CALLBACK: "dddn",
    State.CLOSED: "dddd",
    State.WITHDRAWN: "d---",
    State.ARCHIVED: "dddd",
}
_BY_OUTCOME: Mapping[str, str] = {
    "answered": "ddd-",  # directly: nobody is asked
    "anonymous": "ddd-",
    "media_result": "ddd-",
    "referred": "dd--",
    "petition_taken": "dd--",
    "emergency_taken": "dd--",
    "no_information": "d---",
}
"""Of closed tickets, where not everything was gone through."""
_EVENTS: Mapping[Part, tuple[str, ...]] = {
    Part.ACCEPTED: ("accept", "refer_out", "hot_transfer", "answer_directly"),
    Part.HANDLED: ("dispatch", "redispatch", "external_receipt", "answer_directly", "answer_backoffice"),
    Part.ANSWERED: ("accept_reply", "answer_directly", "answer_backoffice"),
    Part.SUPERVISED: ("answered_follow_up", "close", "unreachable", "master_closed"),
}


def four_stages(
    ticket: Ticket, lines: Iterable[Line], state: State | None = None, is_supervised: bool = False
) -> tuple[PartMark, ...]:
    """The four in their order. `lines` are those that whoever looks may read; `state` is another one than the
    ticket's, as that of its master; `is_supervised`: a notice or a higher step is open."""
    state = state or ticket.state
    ended = state in (State.CLOSED, State.ARCHIVED)
    letters = _BY_OUTCOME.get(ticket.outcome or "", _BY_STATE[state]) if ended else _BY_STATE[state]
    marks = [_LETTERS[letter] for letter in letters]
    if is_supervised:
        marks[-1] = Mark.NOW
    seen = list(lines)
    return tuple(
        PartMark(part, mark, _last(seen, part) if mark in (Mark.DONE, Mark.NOW) else None)
        for part, mark in zip(Part, marks, strict=True)
    )


def _last(lines: Iterable[Line], part: Part) -> datetime | None:
    return max((line.at for line in lines if line.event in _EVENTS[part]), default=None)
