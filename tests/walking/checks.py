"""What holds of every ticket after every step: the table allows each line of its history, and the history,
read from its beginning, gives the ticket as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from hotline.database import Base
from hotline.dispatch.models import Assignment, AssignmentRole, ReturnRequest, ReturnState
from hotline.extensions.models import ExtensionRequest, ExtensionState
from hotline.follow_up.models import FollowUp
from hotline.follow_up.queries import OPEN as OWED
from hotline.questions.models import UnitQuestion
from hotline.referrals.models import Referral
from hotline.referrals.queries import OPEN as REFERRED
from hotline.screening.models import InfoRequest
from hotline.suspension.models import Suspension, SuspensionState
from hotline.tickets.lifecycle import TRANSITIONS
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import State

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


def history_of(session: Session, ticket_id: int) -> Sequence[Row[Any]]:
    """All columns of each line, oldest first; no entities, which would take longer."""
    lines = HistoryLine.__table__
    query = select(lines).where(lines.c.ticket_id == ticket_id)
    return session.execute(query.order_by(lines.c.id)).all()


def check(session: Session, ticket_id: int) -> None:
    """Raises `Broken`."""
    table = Ticket.__table__
    ticket = session.execute(select(table).where(table.c.id == ticket_id)).one()
    told = Told()
    for line in history_of(session, ticket_id):
        told.hear(line)
    for name in ("state", "holder_id", "master_id", "due_at", "closed_at"):
        if getattr(ticket, name) != getattr(told, name):
            raise Broken(f"{name} is {getattr(ticket, name)}, by its history {getattr(told, name)}")
    for what, right in _beside(session, ticket).items():
        if not right:
            raise Broken(f"{what}: not of a ticket that is {ticket.state}")


def _beside(session: Session, ticket: Row[Any]) -> dict[str, bool]:
    """What the rows around a ticket have to say of its state."""
    open_ones = session.execute(_counts(ticket)).one()
    state = ticket.state
    held, free = state in WITH_A_UNIT, state in WITH_NOBODY
    owed_once = open_ones.owed == 1 or ticket.kept_open_by is not None
    return {
        "number": (ticket.number is not None) or state is State.DRAFT,
        "holder": (ticket.holder_id is not None) if held else (ticket.holder_id is None or not free),
        "one lead": open_ones.leads == 1 if held else (open_ones.leads == 0 or not free),
        "the lead is the holder": not held or open_ones.leads_elsewhere == 0,
        "lead's due time": state is not State.HANDLING or open_ones.leads_due_otherwise == 0,
        "requests": open_ones.undecided == 0 or state in WHILE_DECIDED,
        "suspension": open_ones.suspended == (state is State.SUSPENDED),
        "questions of screening": (open_ones.asked > 0) == (state is State.NEED_INFO),
        "question of the department": open_ones.unit_asked == (state is State.NEED_INFO_UNIT),
        "return": open_ones.returned == (state is State.RETURN_PENDING),
        "callback": owed_once if state is State.CALLBACK else (open_ones.owed == 0 or state is State.MERGED),
        "referral": open_ones.referred == 0 or state is State.TRANSFERRED,
        "master": (ticket.master_id is not None) or state is not State.MERGED,
    }


def _counts(ticket: Row[Any]) -> Any:
    lead = (Assignment.role == AssignmentRole.LEAD, Assignment.is_current)

    def count(entity: type[Base], *where: Any) -> Any:
        ours = entity.ticket_id == ticket.id  # type: ignore[attr-defined]
        return select(func.count()).select_from(entity).where(ours, *where).scalar_subquery()

    return select(
        count(Assignment, *lead).label("leads"),
        count(Assignment, *lead, Assignment.department_id != ticket.holder_id).label("leads_elsewhere"),
        count(Assignment, *lead, Assignment.due_at != ticket.due_at).label("leads_due_otherwise"),
        (
            count(ExtensionRequest, ExtensionRequest.state == ExtensionState.ASKED)
            + count(Suspension, Suspension.state == SuspensionState.ASKED)
        ).label("undecided"),
        count(Suspension, Suspension.state == SuspensionState.SUSPENDED).label("suspended"),
        count(InfoRequest, InfoRequest.settled_at.is_(None)).label("asked"),
        count(UnitQuestion, UnitQuestion.settled_at.is_(None)).label("unit_asked"),
        count(ReturnRequest, ReturnRequest.state == ReturnState.ASKED).label("returned"),
        count(FollowUp, FollowUp.state.in_(OWED)).label("owed"),
        count(Referral, Referral.state.in_(REFERRED)).label("referred"),
    )
