"""Departments that do not act (不作为清单, [S 002-43]): what each is late with, counted from the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.inspections.models import Inspection, InspectionFinding
from hotline.people.models import Department
from hotline.review.models import ReplyVerdict
from hotline.supervision.models import SupervisionCase
from hotline.supervision.queries import WATCHED
from hotline.supervision.rules import CaseState, Level
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

PERFUNCTORY_SINCE = timedelta(days=90)


@dataclass(frozen=True)
class Inaction:
    """What a department is late with now, and its replies that were found perfunctory in ninety days."""

    department: Department
    late_notices: int
    late_urgings: int
    overdue: int
    perfunctory: int
    uncorrected: int


def inaction(session: Session, now: datetime) -> list[Inaction]:
    """Departments with anything on their list: unanswered notices weigh most, then overdue tickets."""
    late = (SupervisionCase.state == CaseState.ISSUED, SupervisionCase.due_at <= now)
    cases, level = SupervisionCase.department_id, SupervisionCase.level
    notices = _counts(session, cases, SupervisionCase, *late, level >= Level.L2)
    urgings = _counts(session, cases, SupervisionCase, *late, level == Level.L1)
    overdue = _overdue(session, now)
    since = ReplyVerdict.at >= now - PERFUNCTORY_SINCE
    verdicts = ReplyVerdict.department_id
    perfunctory = _counts(session, verdicts, ReplyVerdict, ReplyVerdict.perfunctory.is_(True), since)
    uncorrected = _uncorrected(session, now)
    ids = {*notices, *urgings, *overdue, *perfunctory, *uncorrected}
    found = [
        Inaction(
            department,
            notices.get(department.id, 0),
            urgings.get(department.id, 0),
            overdue.get(department.id, 0),
            perfunctory.get(department.id, 0),
            uncorrected.get(department.id, 0),
        )
        for department in _departments(session, ids)
    ]
    return sorted(found, key=lambda one: (-one.late_notices, -one.overdue, -one.late_urgings))


def _counts(
    session: Session,
    department: InstrumentedAttribute[int],
    entity: type[SupervisionCase] | type[ReplyVerdict],
    *where: ColumnElement[bool],
) -> dict[int, int]:
    """Rows by department; those of sealed tickets are not counted."""
    query = select(department, func.count()).join(Ticket, Ticket.id == entity.ticket_id)
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED, *where).group_by(department)
    return {row[0]: row[1] for row in session.execute(query)}


def _overdue(session: Session, now: datetime) -> dict[int, int]:
    query = select(Ticket.holder_id, func.count()).group_by(Ticket.holder_id)
    query = query.where(
        Ticket.state.in_(WATCHED),
        Ticket.due_at <= now,
        Ticket.holder_id.is_not(None),
        Ticket.confidentiality != Confidentiality.SEALED,
    )
    return {row[0]: row[1] for row in session.execute(query) if row[0] is not None}


def _uncorrected(session: Session, now: datetime) -> dict[int, int]:
    """Findings of inspections that were to be corrected by now."""
    query = select(Inspection.department_id, func.count()).join(InspectionFinding)
    query = query.where(
        Inspection.due_at <= now, Inspection.closed_at.is_(None), InspectionFinding.corrected_at.is_(None)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Inspection.department_id))}


def _departments(session: Session, ids: Iterable[int]) -> Sequence[Department]:
    query = select(Department).where(Department.id.in_(list(ids))).order_by(Department.code)
    return session.scalars(query).all()
