"""What people do with inspections: record one, tell the department, correct, close (B6, [S 003-24])."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.inspections.models import Inspection, InspectionCorrection, InspectionFinding
from hotline.inspections.rules import MOST_FINDINGS, RECORDERS, InspectionRefused, Manner, Obstacle
from hotline.people.actors import NotPermitted, Role
from hotline.people.models import Department
from hotline.screening.opening import kept_text
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.queries import by_number
from hotline.tickets.states import Confidentiality, State

LONGEST = 2000
LONGEST_NAME = 200


@dataclass(frozen=True)
class InspectionForm:
    """What is written down. `findings` may be none: nothing was found wrong."""

    manner: Manner
    department_id: int
    inspected_on: date
    place: str
    inspectors: str
    account: str
    findings: Sequence[str] = ()
    ticket_number: str = ""


def record(context: Context, form: InspectionForm) -> int:
    """An inspection is written down; the department is not told yet. Returns its id."""
    context.actor.must_have("record an inspection", *RECORDERS)
    with context.writing() as session:
        _check(session, context, form)
        inspection = Inspection(
            manner=form.manner,
            department_id=form.department_id,
            ticket_id=_ticket_id(session, form.ticket_number),
            inspected_on=form.inspected_on,
            place=_text("place", form.place, LONGEST_NAME),
            inspectors=_text("inspectors", form.inspectors, LONGEST_NAME),
            account=_text("account", form.account),
            recorded_at=context.now(),
            recorded_by_id=context.actor.user_id,
            findings=[
                InspectionFinding(position=position, text=_text("finding", text))
                for position, text in enumerate(form.findings, 1)
            ],
        )
        session.add(inspection)
        session.flush()
        _log(session, context, inspection, "recorded")
        return inspection.id


def tell(context: Context, inspection_id: int, due_on: date) -> None:
    """The department is told what was found, and by which day it has to be corrected."""
    context.actor.must_have("tell a department what was found", *RECORDERS)
    with context.writing() as session:
        inspection = _open(session, inspection_id)
        if inspection.told_at is not None:
            raise InspectionRefused(Obstacle.DONE)
        if not inspection.findings:
            raise InspectionRefused(Obstacle.NOTHING_FOUND)
        due_at = datetime.combine(due_on + timedelta(days=1), time(0), context.settings.zone)
        if due_at <= context.now():
            raise InspectionRefused(Obstacle.DUE_IN_PAST)
        inspection.due_at, inspection.told_at = due_at, context.now()
        inspection.told_by_id = context.actor.user_id
        _log(session, context, inspection, "told")
        if inspection.ticket_id is not None and inspection.ticket_number:
            ticket = rows.locked(session, inspection.ticket_id)
            ticket.note("inspection_told", context.actor, context.now(), inspection.place, correct_by=due_at)
            rows.announce(session, context, ticket, "inspection_told")


def correct(context: Context, inspection_id: int, finding_id: int, text: str) -> None:
    """The department's leader says what was done about a finding; again, as long as it is not closed.

    What was said before stays on record. The same words once more are the same press of the button.
    """
    context.actor.must_have("correct what was found", Role.UNIT_REVIEWER)
    with context.writing() as session:
        inspection = _open(session, inspection_id)
        if inspection.told_at is None or inspection.department_id != context.actor.department_id:
            raise NotPermitted(context.actor, "correct what was found")
        finding = session.get(InspectionFinding, finding_id)
        if finding is None or finding.inspection_id != inspection.id:
            raise InspectionRefused(Obstacle.DONE)
        said, now, who = _text("correction", text), context.now(), context.actor.user_id
        if said == finding.correction:
            return
        finding.correction, finding.corrected_at, finding.corrected_by_id = said, now, who
        finding.corrections.append(InspectionCorrection(text=said, at=now, by_id=who))
        _log(session, context, inspection, "corrected", finding=finding.position)


def conclude(context: Context, inspection_id: int, conclusion: str) -> None:
    """It is over: nothing was found, or every finding is corrected. Never by the department's own people."""
    context.actor.must_have("close an inspection", *RECORDERS)
    with context.writing() as session:
        inspection = _open(session, inspection_id)
        if inspection.department_id == context.actor.department_id:
            raise NotPermitted(context.actor, "close an inspection of their own department")
        if inspection.uncorrected:
            raise InspectionRefused(Obstacle.NOT_CORRECTED)
        inspection.conclusion = _text("conclusion", conclusion)
        inspection.closed_at, inspection.closed_by_id = context.now(), context.actor.user_id
        _log(session, context, inspection, "closed")


def _log(session: Session, context: Context, inspection: Inspection, step: str, **facts: int) -> None:
    """Write `inspection.<step>` into the event log, with who took it."""
    subject, actor = f"inspection:{inspection.id}", context.actor.user_id
    events.record(session, context.now(), f"inspection.{step}", subject, actor=actor, **facts)


def _check(session: Session, context: Context, form: InspectionForm) -> None:
    department = session.get(Department, form.department_id)
    if department is None or department.is_hotline:
        raise InspectionRefused(Obstacle.NO_DEPARTMENT)
    if form.inspected_on > context.now().astimezone(context.settings.zone).date():
        raise InspectionRefused(Obstacle.IN_FUTURE)
    if len(form.findings) > MOST_FINDINGS:
        raise InspectionRefused(Obstacle.TOO_MANY)


def _ticket_id(session: Session, number: str) -> int | None:
    """A sealed ticket is as good as none: that there is one would tell too much."""
    if not number.strip():
        return None
    ticket: Ticket | None = by_number(session, number)
    if ticket is None or ticket.state is State.DRAFT or ticket.confidentiality is Confidentiality.SEALED:
        raise InspectionRefused(Obstacle.NO_TICKET)
    return ticket.id


def _open(session: Session, inspection_id: int) -> Inspection:
    query = select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    inspection = session.scalar(query)
    if inspection is None or inspection.closed_at is not None:
        raise InspectionRefused(Obstacle.DONE)
    return inspection


def _text(name: str, text: str, longest: int = LONGEST) -> str:
    words = kept_text(name, text, longest)
    if not words:
        raise InspectionRefused(Obstacle.NO_TEXT)
    return words
