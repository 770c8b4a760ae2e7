"""Whoever does not report back in time is told of ([S 004-23]): the sweep's alarms, and who has seen them."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.context import Context
from hotline.people.actors import SYSTEM, Role
from hotline.supervision.models import Instruction, LateAlarm, SupervisionCase
from hotline.supervision.rules import CLOSERS, CaseState, Level
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

BATCH = 200
SEERS = (Role.UNIT_REVIEWER, *CLOSERS)
"""The department's leader, and the supervision office."""
_OPEN_TO_ALL = Ticket.confidentiality != Confidentiality.SEALED


def tell_late(context: Context) -> int:
    """One sweep over notices without an answer, and instructions without feedback, whose limit is over.

    An answer that is sent back begins a new limit, whose end is told of anew. Returns how many it told of.
    """
    context = context.acting_as(SYSTEM)
    with context.reading() as session:
        cases = session.execute(_late_cases(context).limit(BATCH)).all()
        instructions = session.execute(_late_instructions(context).limit(BATCH)).all()
    told = sum(_case_told(context, ticket_id, case_id) for ticket_id, case_id in cases)
    return told + sum(_instruction_told(context, ticket_id, one) for ticket_id, one in instructions)


def unseen_by_unit(department_id: int) -> Select[LateAlarm]:
    """What the department's leader has not seen, joined with its ticket."""
    mine = (LateAlarm.department_id == department_id, LateAlarm.unit_seen_at.is_(None))
    return select(LateAlarm).join(Ticket).where(_OPEN_TO_ALL, *mine)


def unseen_by_office() -> Select[LateAlarm]:
    """What nobody of the supervision office has seen, joined with its ticket."""
    return select(LateAlarm).join(Ticket).where(_OPEN_TO_ALL, LateAlarm.office_seen_at.is_(None))


def alarms_in(session: Session, wanted: Select[LateAlarm]) -> Sequence[LateAlarm]:
    """The oldest first, with all that a line of them says."""
    said = (LateAlarm.ticket, LateAlarm.case, LateAlarm.instruction, LateAlarm.department)
    query = wanted.options(*(joinedload(one) for one in said)).order_by(LateAlarm.due_at, LateAlarm.id)
    return session.scalars(query.limit(BATCH)).all()


def see(context: Context, alarm_ids: Sequence[int]) -> None:
    """The department's leader, or somebody of the office, has read these; others' alarms stay as they are.

    The first of each side is on record, in the ticket's history too.
    """
    actor = context.actor
    actor.must_have("see an alarm", *SEERS)
    with context.writing() as session:
        for alarm in _locked(session, alarm_ids):
            unit = actor.has(Role.UNIT_REVIEWER) and alarm.department_id == actor.department_id
            newly = False
            if unit and alarm.unit_seen_at is None:
                alarm.unit_seen_at, alarm.unit_seen_by_id, newly = context.now(), actor.user_id, True
            if actor.has(*CLOSERS) and alarm.office_seen_at is None:
                alarm.office_seen_at, alarm.office_seen_by_id, newly = context.now(), actor.user_id, True
            if newly:
                alarm.ticket.note("late_seen", actor, context.now(), notice=alarm.notice)


def _locked(session: Session, alarm_ids: Sequence[int]) -> Sequence[LateAlarm]:
    query = select(LateAlarm).join(Ticket).where(_OPEN_TO_ALL, LateAlarm.id.in_(alarm_ids))
    return session.scalars(query.order_by(LateAlarm.id).with_for_update(of=LateAlarm)).all()


def _late_cases(context: Context) -> Select[int, int]:
    """Of the department that still has the ticket: another one is not asked any more."""
    told = select(LateAlarm.id).where(
        LateAlarm.case_id == SupervisionCase.id, LateAlarm.due_at == SupervisionCase.due_at
    )
    return (
        select(SupervisionCase.ticket_id, SupervisionCase.id)
        .join(Ticket)
        .where(
            SupervisionCase.state == CaseState.ISSUED,
            SupervisionCase.level >= Level.L2,
            SupervisionCase.due_at <= context.now(),
            Ticket.holder_id == SupervisionCase.department_id,
            _OPEN_TO_ALL,
            ~told.exists(),
        )
        .order_by(SupervisionCase.id)
    )


def _late_instructions(context: Context) -> Select[int, int]:
    """Those of which the department has answered, or none was asked: a missing answer is told of itself."""
    told = select(LateAlarm.id).where(LateAlarm.instruction_id == Instruction.id)
    return (
        select(Instruction.ticket_id, Instruction.id)
        .join(Ticket, Ticket.id == Instruction.ticket_id)
        .outerjoin(SupervisionCase, SupervisionCase.id == Instruction.case_id)
        .where(
            Instruction.fed_back_at.is_(None),
            Instruction.due_at <= context.now(),
            or_(
                SupervisionCase.id.is_(None),
                SupervisionCase.state != CaseState.ISSUED,
                Ticket.holder_id.is_distinct_from(SupervisionCase.department_id),
            ),
            _OPEN_TO_ALL,
            ~told.exists(),
        )
        .order_by(Instruction.id)
    )


def _case_told(context: Context, ticket_id: int, case_id: int) -> bool:
    """False where another worker was faster, or the answer came meanwhile."""
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if not session.execute(_late_cases(context).where(SupervisionCase.id == case_id)).first():
            return False
        case = session.get_one(SupervisionCase, case_id)
        assert case.due_at is not None  # noqa: S101 (its limit is over)
        session.add(
            LateAlarm(
                ticket_id=ticket.id,
                case_id=case.id,
                department_id=case.department_id,
                due_at=case.due_at,
                told_at=context.now(),
            )
        )
        facts = {"level": case.level, "notice": case.number, "reply_by": case.due_at}
        ticket.note("answer_late", context.actor, context.now(), "", **facts)
        rows.announce(session, context, ticket, "answer_late")
        return True


def _instruction_told(context: Context, ticket_id: int, instruction_id: int) -> bool:
    """The same for what a leader waits to hear."""
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if not session.execute(_late_instructions(context).where(Instruction.id == instruction_id)).first():
            return False
        one = session.get_one(Instruction, instruction_id)
        session.add(
            LateAlarm(ticket_id=ticket.id, instruction_id=one.id, due_at=one.due_at, told_at=context.now())
        )
        ticket.note("report_late", context.actor, context.now(), leader=one.leader, reply_by=one.due_at)
        rows.announce(session, context, ticket, "report_late")
        return True
