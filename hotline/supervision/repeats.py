"""What comes again with which department [S 004-22, 002-53], counted from the record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, bindparam, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.people.models import Department
from hotline.tickets.again import AGAIN, REMINDED, REOPENED, RETURNED, REWORKED
from hotline.tickets.models import HistoryLine, LinkKind, Ticket, TicketLink
from hotline.tickets.states import Confidentiality

COUNTED_SINCE = timedelta(days=90)
_LEAD = Assignment.role == AssignmentRole.LEAD
_RECURRED = "recurred"
_DISPATCHED = "dispatched"


@dataclass(frozen=True)
class Repeats:
    """Of a department in the last ninety days: beside what was dispatched to it, what came again while it was
    the lead, or after it had been."""

    department: Department
    dispatched: int
    reminded: int
    returned: int
    reworked: int
    reopened: int
    recurred: int


def repeats(session: Session, now: datetime) -> list[Repeats]:
    """Departments to which anything came again, the most often reopened and recurred first."""
    since = now - COUNTED_SINCE
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for query in (_lines(since), _links(since)):
        for department_id, what, count in session.execute(query):
            counts[department_id][what] += count
    ids = list(counts)
    for department_id, count in session.execute(_dispatches(since, ids)):
        counts[department_id][_DISPATCHED] += count
    for department_id, count in session.execute(_sealed_dispatches(since, ids)):
        counts[department_id][_DISPATCHED] -= count
    found = [_of(department, counts[department.id]) for department in _departments(session, ids)]
    return sorted(found, key=lambda one: (-one.reopened - one.recurred, -one.reworked, -one.reminded))


def _of(department: Department, counts: dict[str, int]) -> Repeats:
    def times(*kinds: str) -> int:
        return sum(counts[kind] for kind in kinds)

    return Repeats(
        department,
        times(_DISPATCHED),
        times(*REMINDED),
        times(*RETURNED),
        times(*REWORKED),
        times(*REOPENED),
        times(_RECURRED),
    )


def _lines(since: datetime) -> Select[int, str, int]:
    """Lines of history by the department that led then; before the first dispatch there is none."""
    # The values stand in the statement: only so PostgreSQL sees that the index over these lines will do.
    events: BindParameter[Any] = bindparam("events", AGAIN, expanding=True, literal_execute=True)
    lead = _lead_of(HistoryLine.ticket_id, HistoryLine.at)
    query = select(Assignment.department_id, HistoryLine.event, func.count())
    query = query.select_from(HistoryLine).join(Assignment, Assignment.id == lead)
    query = query.join(Ticket, Ticket.id == HistoryLine.ticket_id)
    query = query.where(HistoryLine.event.in_(events), HistoryLine.at >= since, _not_sealed())
    return query.group_by(Assignment.department_id, HistoryLine.event)


def _links(since: datetime) -> Select[int, str, int]:
    """What was registered anew, by the department that led the earlier ticket last."""
    lead, again = _lead_of(TicketLink.ticket_id, TicketLink.at), aliased(Ticket)
    query = select(Assignment.department_id, literal(_RECURRED), func.count())
    query = query.select_from(TicketLink).join(Assignment, Assignment.id == lead)
    query = query.join(Ticket, Ticket.id == TicketLink.ticket_id).join(again, again.id == TicketLink.other_id)
    query = query.where(TicketLink.kind == LinkKind.RECURRENCE, TicketLink.at >= since, _not_sealed())
    query = query.where(again.number.is_not(None), again.confidentiality != Confidentiality.SEALED)
    return query.group_by(Assignment.department_id)


def _dispatches(since: datetime, department_ids: Sequence[int]) -> Select[int, int]:
    """All of them: an index alone tells how many, where the tickets of three months would have to be read."""
    query = select(Assignment.department_id, func.count())
    query = query.where(Assignment.department_id.in_(department_ids), _LEAD)
    return query.where(Assignment.dispatched_at >= since).group_by(Assignment.department_id)


def _sealed_dispatches(since: datetime, department_ids: Sequence[int]) -> Select[int, int]:
    """Those of them that are not to be counted: a few."""
    sealed: BindParameter[Any] = bindparam("sealed", Confidentiality.SEALED, literal_execute=True)
    query = _dispatches(since, department_ids).join(Assignment.ticket)
    return query.where(Ticket.confidentiality == sealed)


def _lead_of(ticket_id: InstrumentedAttribute[int], at: InstrumentedAttribute[datetime]) -> ScalarSelect[Any]:
    """The assignment of the department that led the ticket at that moment."""
    then = aliased(Assignment)
    led = (then.ticket_id == ticket_id, then.role == AssignmentRole.LEAD, then.dispatched_at <= at)
    return select(func.max(then.id)).where(*led).correlate(ticket_id.class_).scalar_subquery()


def _not_sealed() -> ColumnElement[bool]:
    return Ticket.confidentiality != Confidentiality.SEALED


def _departments(session: Session, ids: Sequence[int]) -> Sequence[Department]:
    query = select(Department).where(Department.id.in_(ids)).order_by(Department.code)
    return session.scalars(query).all()
