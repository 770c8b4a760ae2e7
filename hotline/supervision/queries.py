"""Reads of supervision. Sealed tickets are never among them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.citizens.queries import marks_of
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.lists.queries import About
from hotline.replies.models import ContactRecord
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.rules import OPEN, CaseState, Level, Watched
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, KeptOpenBy, State
from hotline.tickets.tracks import TRACKS

WATCHED = (State.DISPATCHED, State.RETURN_PENDING, State.HANDLING)
"""While a department has the ticket and its clock runs."""
SETTLED = (State.CLOSED, State.WITHDRAWN, State.ARCHIVED, State.MERGED)
"""When nobody works on the ticket any more."""
BATCH = 500


def overdue_tickets(session: Session, now: datetime) -> int:
    """How many tickets lie with a department beyond their limit."""
    query = select(func.count()).select_from(Ticket)
    late = (Ticket.state.in_(WATCHED), Ticket.due_at <= now)
    return session.scalar(query.where(*late, Ticket.confidentiality != Confidentiality.SEALED)) or 0


def late(now: datetime) -> Select[Ticket]:
    """Tickets that lie with a department beyond their limit, or unsigned beyond that of signing; what is due
    first. Sealed ones are left to whoever narrows the list."""
    unsigned = select(Assignment.ticket_id).where(*_unsigned(now))
    query = select(Ticket).where(Ticket.state.in_(WATCHED))
    query = query.where(or_(Ticket.due_at <= now, Ticket.id.in_(unsigned)))
    return query.order_by(Ticket.due_at, Ticket.id)


def is_late(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Whether the department is late with a ticket that it has, as in `late`."""
    if ticket.due_at is not None and ticket.due_at <= now:
        return True
    unsigned = select(Assignment.id).where(Assignment.ticket_id == ticket.id, *_unsigned(now))
    return session.scalar(unsigned.limit(1)) is not None


def _unsigned(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_lead = and_(Assignment.role == AssignmentRole.LEAD, Assignment.is_current)
    return (is_lead, Assignment.signed_at.is_(None), Assignment.sign_due_at <= now)


def is_awaited(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Whether the department was urged, or more, and may still answer in time."""
    return any(
        case.state is CaseState.ISSUED
        and case.department_id == ticket.holder_id
        and case.due_at is not None
        and case.due_at > now
        for case in cases_of(session, ticket.id)
    )


def open_by_ticket(session: Session, ticket_ids: Collection[int]) -> Mapping[int, SupervisionCase]:
    """By ticket, its open case of the highest level, the latest of several."""
    query = select(SupervisionCase).where(
        SupervisionCase.ticket_id.in_(ticket_ids), SupervisionCase.state.in_(OPEN)
    )
    order = (SupervisionCase.level, SupervisionCase.due_at, SupervisionCase.id)
    return {case.ticket_id: case for case in session.scalars(query.order_by(*order))}


@asked_once
def cases_of(session: Session, ticket_id: int) -> Sequence[SupervisionCase]:
    """All of a ticket, oldest first."""
    query = select(SupervisionCase).where(SupervisionCase.ticket_id == ticket_id)
    return session.scalars(
        query.options(joinedload(SupervisionCase.department)).order_by(SupervisionCase.id)
    ).all()


def notice_of(session: Session, ticket_id: int, case_id: int) -> SupervisionCase | None:
    """The case of this ticket that was issued with a number, or None."""
    case = session.get(SupervisionCase, case_id)
    return case if case is not None and case.ticket_id == ticket_id and case.number else None


def highest_open(session: Session, ticket_id: int) -> SupervisionCase | None:
    """The case of the highest level that is issued and not closed."""
    found = [case for case in cases_of(session, ticket_id) if case.state in OPEN]
    return max(found, key=lambda case: (case.level, case.id), default=None)


def to_be_answered(session: Session, ticket_id: int, department_id: int | None) -> SupervisionCase | None:
    """What the department has to answer first: its case of the highest level without an answer, or None.

    It may lie below a case of another department that had the ticket before, or one that waits to be judged.
    """
    waiting = [
        case
        for case in cases_of(session, ticket_id)
        if case.state is CaseState.ISSUED and case.due_at and case.department_id == department_id
    ]
    return max(waiting, key=lambda case: (case.level, case.id), default=None)


def proposed(session: Session, ticket_id: int) -> SupervisionCase | None:
    """The proposal that waits for a decision, the highest first, if there is one."""
    found = [case for case in cases_of(session, ticket_id) if case.state is CaseState.PROPOSED]
    return max(found, key=lambda case: (case.level, -case.id), default=None)


def still_open(session: Session, ticket_id: int) -> bool:
    """Whether a notice or more is open: such a ticket is not archived (T35)."""
    case = highest_open(session, ticket_id)
    return case is not None and case.level >= Level.L2


def keeping_open(session: Session, ticket_id: int) -> KeptOpenBy | None:
    """An instruction without feedback, or else a case from L3 on: such a ticket does not close."""
    if any(one.fed_back_at is None for one in instructions_of(session, ticket_id)):
        return KeptOpenBy.INSTRUCTION
    case = highest_open(session, ticket_id)
    return KeptOpenBy.SUPERVISION if case is not None and case.level >= Level.L3 else None


@asked_once
def instructions_of(session: Session, ticket_id: int) -> Sequence[Instruction]:
    """All of a ticket, oldest first."""
    query = select(Instruction).where(Instruction.ticket_id == ticket_id)
    return session.scalars(query.order_by(Instruction.id)).all()


def unreported(session: Session, case_id: int) -> bool:
    """Whether a leader still waits to hear of what the case passed on."""
    query = select(Instruction.id).where(Instruction.case_id == case_id, Instruction.fed_back_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def instructions_waiting() -> About:
    """Those that nobody has reported back on, what is due first."""
    query = unreported_instructions().order_by(Instruction.due_at, Instruction.id)
    return About(query, Instruction.ticket, due=Instruction.due_at)


def unreported_instructions() -> Select[Instruction]:
    """The same, joined with their tickets, to be counted."""
    query = select(Instruction).join(Ticket).where(Instruction.fed_back_at.is_(None))
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def to_look_at() -> About:
    """Proposals and open cases, the highest level first and then what is due first. What is answered, or not
    issued yet, is not late."""
    return _listed(cases_in(CaseState.PROPOSED, *OPEN))


def to_answer(department_id: int) -> About:
    """What a department has to answer, in the same order."""
    return _listed(unanswered_by(department_id))


def unanswered_by(department_id: int) -> Select[SupervisionCase]:
    """The same, joined with their tickets, to be counted."""
    query = cases_in(CaseState.ISSUED).where(SupervisionCase.department_id == department_id)
    return query.where(SupervisionCase.due_at.is_not(None))


def cases_in(*states: CaseState) -> Select[SupervisionCase]:
    """Cases in these states, joined with their tickets, to be counted."""
    query = select(SupervisionCase).join(Ticket).where(SupervisionCase.state.in_(states))
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def _listed(query: Select[SupervisionCase]) -> About:
    order = (SupervisionCase.level.desc(), SupervisionCase.due_at.is_(None), SupervisionCase.due_at)
    return About(
        query=query.order_by(*order, SupervisionCase.id).options(joinedload(SupervisionCase.department)),
        ticket=SupervisionCase.ticket,
        due=case((SupervisionCase.state == CaseState.ISSUED, SupervisionCase.due_at)),
        department=SupervisionCase.department_id,
        level=SupervisionCase.level,
    )


def waiting_for_rework(session: Session) -> Sequence[int]:
    """Ids of tickets whose citizen says no and that nobody keeps open by special supervision."""
    query = select(Ticket.id).where(Ticket.state == State.REWORK, Ticket.kept_open_by.is_(None))
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED, Ticket.holder_id.is_not(None))
    return session.scalars(query.order_by(Ticket.id).limit(BATCH)).all()


def of_supervised_tracks(session: Session) -> Sequence[int]:
    """Ids of tickets that a department has, whose track wants supervision, and that have no case of L3 or
    above yet."""
    tracks = [track for track, rule in TRACKS.items() if rule.supervised]
    above = select(SupervisionCase.id).where(
        SupervisionCase.ticket_id == Ticket.id, SupervisionCase.level >= Level.L3
    )
    query = select(Ticket.id).where(Ticket.state.in_(WATCHED), Ticket.track.in_(tracks), ~above.exists())
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED, Ticket.holder_id.is_not(None))
    return session.scalars(query.order_by(Ticket.id).limit(BATCH)).all()


def watched(session: Session, after_id: int) -> list[Watched]:
    """Tickets that departments have, by assignment, the next `BATCH` after the assignment `after_id`."""
    query = select(Assignment).join(Ticket).options(joinedload(Assignment.ticket))
    query = query.where(
        Assignment.id > after_id,
        Assignment.role == AssignmentRole.LEAD,
        Assignment.is_current,
        Ticket.state.in_(WATCHED),
        Ticket.due_at.is_not(None),
        Ticket.confidentiality != Confidentiality.SEALED,
    )
    leads = session.scalars(query.order_by(Assignment.id).limit(BATCH)).all()
    ids = [lead.ticket_id for lead in leads]
    marks, again = marks_of(session, ids), _dissatisfied(session, ids)
    anew = _redispatched(session, ids)
    contacts = select(ContactRecord.ticket_id, ContactRecord.department_id, func.max(ContactRecord.at))
    contacts = contacts.where(ContactRecord.ticket_id.in_(ids))
    contacts = contacts.group_by(ContactRecord.ticket_id, ContactRecord.department_id)
    last_contact = {(ticket, unit): at for ticket, unit, at in session.execute(contacts)}
    return [
        Watched(
            ticket_id=lead.ticket_id,
            assignment_id=lead.id,
            begun_at=max(lead.dispatched_at, anew.get(lead.ticket_id, lead.dispatched_at)),
            sign_due_at=lead.sign_due_at,
            signed_by_person=lead.signed_by_id is not None,
            contact_due_at=lead.contact_due_at,
            contact_tried=last_contact.get((lead.ticket_id, lead.department_id), lead.dispatched_at)
            > lead.dispatched_at,
            due_at=lead.ticket.due_at or lead.due_at,
            reminders=marks[lead.ticket_id].reminders if lead.ticket_id in marks else 0,
            dissatisfied=again.get(lead.ticket_id, 0),
        )
        for lead in leads
    ]


def occurrences(session: Session, ticket_ids: Sequence[int]) -> set[tuple[int, str]]:
    """What has made a case already, by ticket."""
    query = select(SupervisionCase.ticket_id, SupervisionCase.occurrence)
    found = session.execute(query.where(SupervisionCase.ticket_id.in_(ticket_ids)))
    return {(ticket_id, occurrence) for ticket_id, occurrence in found}


def _dissatisfied(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(HistoryLine.ticket_id, func.count()).group_by(HistoryLine.ticket_id)
    query = query.where(HistoryLine.ticket_id.in_(ids), HistoryLine.event == "not_satisfied")
    return {row[0]: row[1] for row in session.execute(query)}


def _redispatched(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When each was last sent back to its department for rework."""
    query = select(HistoryLine.ticket_id, func.max(HistoryLine.at)).group_by(HistoryLine.ticket_id)
    query = query.where(HistoryLine.ticket_id.in_(ids), HistoryLine.event == "redispatch")
    return {row[0]: row[1] for row in session.execute(query) if row[1] is not None}
