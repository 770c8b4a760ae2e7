"""Leaders' instructions (领导批示): recorded with a ticket, passed on as L4, and reported back on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.profiles import days
from hotline.deadlines.queries import reckoner
from hotline.deadlines.rules import INSTRUCTION_DAYS
from hotline.dispatch.assignments import move_due
from hotline.people.actors import NotPermitted, Role
from hotline.screening.opening import kept_text, opened
from hotline.supervision import cases, holding, queries
from hotline.supervision.hastening import shorten_pause
from hotline.supervision.models import Instruction, SupervisionCase
from hotline.supervision.rules import (
    INSTRUCTORS,
    REPORTERS,
    CaseState,
    Found,
    Level,
    Obstacle,
    SupervisionRefused,
    Trigger,
)
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State, Urgency

LONGEST = 2000
LONGEST_NAME = 60


@dataclass(frozen=True)
class InstructionForm:
    """What is written down. `due_on` is the last day, where the leader named one."""

    leader: str
    text: str
    instructed_on: date
    due_on: date | None = None


def instruct(context: Context, ticket_id: int, form: InstructionForm) -> int:
    """A leader writes an instruction, or the hotline records one. Returns its id.

    The ticket becomes urgent at least, and due within three days (B3); what the department has to answer is
    on the ladder's L4, or on what it still has to answer above it. A leader who signs in gives nobody else's
    instruction.
    """
    context.actor.must_have("give an instruction", *INSTRUCTORS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "give an instruction")
        instruction = _written(context, ticket, form)
        session.add(instruction)
        session.flush()
        facts = {"leader": instruction.leader, **_hastened(session, context, ticket, instruction.due_at)}
        ticket.note("instructed", context.actor, context.now(), instruction.text, **facts)
        rows.announce(session, context, ticket, "instructed")
        if ticket.holder_id is not None and ticket.state not in queries.SETTLED:
            instruction.case_id = _passed_on(session, context, ticket, instruction).id
        holding.hold_or_release(session, context, ticket)
        return instruction.id


def report_back(context: Context, ticket_id: int, instruction_id: int, text: str) -> None:
    """What became of it is told to the leader, after the department has answered (B2, rule 4)."""
    context.actor.must_have("report back on an instruction", *REPORTERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "report back on an instruction")
        instruction = session.get(Instruction, instruction_id, with_for_update=True)
        if instruction is None or instruction.ticket_id != ticket.id or instruction.fed_back_at:
            raise SupervisionRefused(Obstacle.NOTHING_OPEN)
        case = session.get(SupervisionCase, instruction.case_id) if instruction.case_id else None
        if case is not None and case.state is CaseState.ISSUED and not case.can_go_unanswered:
            raise SupervisionRefused(Obstacle.NOT_ANSWERED)
        instruction.feedback = _text("feedback", text)
        instruction.fed_back_at, instruction.fed_back_by_id = context.now(), context.actor.user_id
        facts = {"leader": instruction.leader}
        ticket.note("instruction_reported", context.actor, context.now(), instruction.feedback, **facts)
        rows.announce(session, context, ticket, "instruction_reported")
        holding.hold_or_release(session, context, ticket)


def _written(context: Context, ticket: Ticket, form: InstructionForm) -> Instruction:
    if ticket.state is State.DRAFT or ticket.confidentiality is Confidentiality.SEALED:
        raise NotPermitted(context.actor, "give an instruction")
    if ticket.state is State.ARCHIVED:  # nothing is open there, and nobody would see it through
        raise SupervisionRefused(Obstacle.ARCHIVED)
    own = context.actor.has(Role.LEADER) and not context.actor.has(*REPORTERS)
    today = context.now().astimezone(context.settings.zone).date()
    if form.instructed_on > today:
        raise SupervisionRefused(Obstacle.IN_FUTURE)
    if form.due_on is not None and form.due_on < form.instructed_on:
        raise SupervisionRefused(Obstacle.DUE_BEFORE)
    return Instruction(
        ticket_id=ticket.id,
        leader=context.actor.name if own else _text("leader", form.leader, LONGEST_NAME),
        text=_text("text", form.text),
        instructed_on=form.instructed_on,
        due_at=_due_at(context, form.due_on),
        recorded_at=context.now(),
        recorded_by_id=context.actor.user_id,
    )


def _due_at(context: Context, due_on: date | None) -> datetime:
    """24:00 of the leader's day; else of the third day from today, when the department can first know."""
    if due_on is None:
        return reckoner(context).due(context.now(), days(INSTRUCTION_DAYS))
    return datetime.combine(due_on + timedelta(days=1), time(0), context.settings.zone)


def _hastened(session: Session, context: Context, ticket: Ticket, due_at: datetime) -> dict[str, object]:
    """Urgent at least, and due earlier while a department has it, or as soon as it takes the matter up again.

    Returns what has changed.
    """
    changed: dict[str, object] = {}
    if ticket.state in queries.SETTLED:
        return changed
    if ticket.urgency is Urgency.NORMAL:
        ticket.urgency = Urgency.URGENT
        changed["urgency"] = ticket.urgency
    if ticket.state in queries.WATCHED and ticket.due_at is not None:
        before = ticket.due_at
        sooner = min(reckoner(context).after_instruction(before, context.now()), due_at)
        if sooner < before:
            move_due(session, ticket, sooner)
            changed |= {"due_before": before, "due_at": sooner}
    elif left := shorten_pause(session, context, ticket, due_at):
        changed["days_left"] = left
    return changed


def _passed_on(
    session: Session, context: Context, ticket: Ticket, instruction: Instruction
) -> SupervisionCase:
    """L4, or what the department has not answered there or above already. A case that is answered, or another
    department's, would tell it nothing."""
    waiting = queries.to_be_answered(session, ticket.id, ticket.holder_id)
    if waiting is not None and waiting.level >= Level.L4 and waiting.due_at is not None:
        waiting.due_at = min(waiting.due_at, instruction.due_at)
        return waiting
    step = Found(Level.L4, Trigger.INSTRUCTION, f"{Trigger.INSTRUCTION}:{instruction.id}")
    case = cases.begin(session, context, ticket, step, CaseState.PROPOSED, instruction.text)
    cases.issue(session, context, ticket, case, instruction.due_at)
    return case


def _text(name: str, text: str, longest: int = LONGEST) -> str:
    words = kept_text(name, text, longest)
    if not words:
        raise SupervisionRefused(Obstacle.NO_REASON)
    return words
