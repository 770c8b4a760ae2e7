"""What holds of every ticket after every step: the table allows each line of its history, and the history,
read from its beginning, gives the ticket as it stands.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.states import Confidentiality, State

_TABLE = {(row.source, row.event, row.target): row.roles for row in TRANSITIONS}
MOVES_DUE = (
    "dispatch",
    "resume",
    "info_received",
    "extension_approved",
    "redispatch",
    "instructed",
    "refer_out",
)
"""Acts that may set a due time; these may end one."""
ENDS_DUE = (
    "external_receipt",
    "referral_taken",
    "external_return",
    "reopen",
    "reopen_exceptional",
    "withdraw",
)
WITH_A_UNIT = (
    State.DISPATCHED,
    State.RETURN_PENDING,
    State.HANDLING,
    State.NEED_INFO_UNIT,
    State.SUSPENDED,
    State.REPLIED,
    State.CALLBACK,
    State.REWORK,
)
WHILE_DECIDED = tuple(state for state in WITH_A_UNIT if state not in (State.CALLBACK, State.REWORK))
"""While a department may wait for what it has asked for."""
WITH_NOBODY = (State.REGISTERED, State.NEED_INFO, State.TO_DISPATCH, State.NOT_ACCEPTED, State.MERGED)


class Broken(AssertionError):
    """A ticket is as no ticket may be."""


@dataclass
class Told:
    """A ticket as its history tells of it."""

    state: State | None = None
    holder_id: int | None = None
    master_id: int | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None

    def hear(self, line: Row[Any]) -> None:
        """One more line. Raises `Broken` where it cannot follow."""
        if line.from_state != self.state:
            raise Broken(f"{line.event} from {line.from_state}, but it was {self.state}")
        if self.last_at is not None and line.at < self.last_at:
            raise Broken(f"{line.event} at {line.at}, before {self.last_at}")
        self.last_at = line.at
        if line.to_state != line.from_state:
            self._moved(line)
        self._due(line)

    def _moved(self, line: Row[Any]) -> None:
        roles = _TABLE.get((line.from_state, line.event, line.to_state))
        if roles is None:
            raise Broken(f"the table has no {line.event} from {line.from_state} to {line.to_state}")
        if roles.isdisjoint(line.actor_roles.split()):
            raise Broken(f"{line.actor_name} ({line.actor_roles}) may not {line.event}")
        self.state = line.to_state
        match line.event:
            case "dispatch":
                self.holder_id = line.changes["lead_id"]
            case "approve_return":
                self.holder_id = None
            case "reopen" | "reopen_exceptional":
                self.holder_id = self.closed_at = self.master_id = None
            case "withdraw":
                self.holder_id = None
            case "merge":
                self.master_id = line.changes["master_id"]
            case "unmerge":
                self.master_id = None
        if line.to_state is State.CLOSED:
            self.closed_at = line.at

    def _due(self, line: Row[Any]) -> None:
        if line.event in ENDS_DUE:
            self.due_at = None
        elif due_at := line.changes.get("due_at"):
            if line.event not in MOVES_DUE:
                raise Broken(f"{line.event} moves the due time")
            self.due_at = datetime.fromisoformat(due_at)


def compare(told: Told, ticket: Row[Any]) -> None:
    """The ticket as it stands is the one that its history tells of, and so are the rows around it.

    Raises `Broken`.
    """
    for name in ("state", "holder_id", "master_id", "due_at", "closed_at"):
        if getattr(ticket, name) != getattr(told, name):
            raise Broken(f"{name} is {getattr(ticket, name)}, by its history {getattr(told, name)}")
    for what, right in _beside(ticket).items():
        if not right:
            raise Broken(f"{what}: not of a ticket that is {ticket.state}")


def _beside(ticket: Row[Any]) -> dict[str, bool]:
    """What the rows around a ticket have to say of its state."""
    state = ticket.state
    held, free = state in WITH_A_UNIT, state in WITH_NOBODY
    owed_once = ticket.owed == 1 or ticket.kept_open_by is not None
    undecided = ticket.more_time + ticket.to_suspend
    return {
        "number": (ticket.number is not None) or state is State.DRAFT,
        "holder": (ticket.holder_id is not None) if held else (ticket.holder_id is None or not free),
        "one lead": ticket.leads == 1 if held else (ticket.leads == 0 or not free),
        "the lead is the holder": not held or ticket.leads_elsewhere == 0,
        "lead's due time": state is not State.HANDLING or ticket.leads_due_otherwise == 0,
        "requests": undecided == 0 or state in WHILE_DECIDED,
        "suspension": ticket.suspended == (state is State.SUSPENDED),
        "questions of screening": (ticket.asked > 0) == (state is State.NEED_INFO),
        "question of the department": ticket.unit_asked == (state is State.NEED_INFO_UNIT),
        "return": ticket.returned == (state is State.RETURN_PENDING),
        "callback": owed_once if state is State.CALLBACK else (ticket.owed == 0 or state is State.MERGED),
        "referral": ticket.referred == 0 or state is State.TRANSFERRED,
        "master": (ticket.master_id is not None) or state is not State.MERGED,
        "joint supervision": ticket.joint <= 1,
        "another look": ticket.rechecks <= 1 and (ticket.rechecks == 0 or state is not State.ARCHIVED),
        "nothing open in the archive": state is not State.ARCHIVED or _nothing_open(ticket),
    }


def _nothing_open(ticket: Row[Any]) -> bool:
    """What is sealed is out of the supervisors' sight: nothing of theirs keeps it."""
    sealed = ticket.confidentiality is Confidentiality.SEALED
    return sealed or ticket.named + ticket.instructed + ticket.notices == 0
