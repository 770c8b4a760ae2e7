"""Asking the citizen while a department handles the matter: the clock stands still once (T23, T24)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.queries import reckoner
from hotline.dispatch.assignments import move_due
from hotline.dispatch.holding import held
from hotline.dispatch.queries import lead_assignment
from hotline.outbox.rules import Kind
from hotline.outbox.service import owe
from hotline.people.actors import SYSTEM, NotPermitted, Role
from hotline.questions import queries
from hotline.questions.models import UnitQuestion
from hotline.tickets import privacy, rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

ANSWER_WITHIN = Limit(5, Unit.WORKING_DAY)


class Obstacle(StrEnum):
    """Why a question is not asked, or an answer not taken."""

    ASKED_ONCE = "asked_once"
    NO_QUESTION = "no_question"
    NO_ANSWER = "no_answer"


class QuestionRefused(Exception):
    """Nothing is asked or answered: `obstacle` says why, `field` of the form says where."""

    def __init__(self, field: str, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.field, self.obstacle = field, obstacle


def ask(context: Context, ticket_id: int, question: str) -> datetime:
    """The department's handler asks; the ticket waits, and its clock with it (T23). Returns until when.

    Raises `QuestionRefused` without words, and for the second question since the ticket was dispatched to
    the department that has it.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "ask the citizen", Role.HANDLER)
        text = question.strip()
        _refuse("unit_question", None if text else Obstacle.NO_QUESTION)
        _refuse("unit_question", Obstacle.ASKED_ONCE if has_asked(session, ticket) else None)
        answer_by = reckoner(context).due(context.now(), ANSWER_WITHIN)
        ticket.move("ask_info", context.actor, context.now(), question=text, answer_by=answer_by)
        session.add(
            UnitQuestion(
                ticket_id=ticket.id,
                department_id=ticket.holder_id,
                question=text,
                asked_at=context.now(),
                asked_by_id=context.actor.user_id,
                answer_by=answer_by,
                due_before=ticket.due_at,
                due_at=answer_by,
            )
        )
        owe(session, context, ticket, Kind.QUESTION)
        rows.announce(session, context, ticket, "waits_for_citizen")
        return answer_by


def has_asked(session: Session, ticket: Ticket) -> bool:
    """Whether the department that has the ticket has had its pause since it was dispatched to it."""
    lead = lead_assignment(session, ticket.id)
    if lead is None:
        return False
    asked = queries.questions_of(session, ticket.id)
    return any(
        one.department_id == lead.department_id and one.asked_at >= lead.dispatched_at for one in asked
    )


def answer(context: Context, ticket_id: int, text: str) -> None:
    """What the citizen says, on their page or to an agent; the department goes on (T24).

    What was left of its limit is left still. Raises `QuestionRefused` without words.
    """
    with context.writing() as session:
        keep_answer(session, context, rows.locked(session, ticket_id), text)


def keep_answer(session: Session, context: Context, ticket: Ticket, text: str, **facts: Any) -> None:
    """The same of a ticket that the caller has locked; `facts` stand in its history."""
    if privacy.is_sealed_for(context.actor, ticket):
        raise NotPermitted(context.actor, "write down an answer")
    _refuse("unit_answer", None if text.strip() else Obstacle.NO_ANSWER)
    _go_on(session, context, ticket, text.strip(), **facts)


def go_on_unanswered(context: Context, limit: int = 50) -> int:
    """One sweep over questions whose time is over: departments go on without. Returns how many."""
    with context.reading() as session:
        ids = queries.unanswered(session, context.now(), limit)
    return sum(_time_is_over(context.acting_as(SYSTEM), ticket_id) for ticket_id in ids)


def _time_is_over(context: Context, ticket_id: int) -> bool:
    """False if the citizen, or another worker, was faster."""
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        waiting = queries.open_question(session, ticket_id)
        if waiting is None or waiting.due_at is None or waiting.due_at > context.now():
            return False
        if ticket.state is not State.NEED_INFO_UNIT:  # it went another way: nothing is waited for any more
            waiting.settled_at, waiting.due_at = context.now(), None
            return False
        _go_on(session, context, ticket, "")
        return True


def _go_on(session: Session, context: Context, ticket: Ticket, text: str, **more: Any) -> None:
    if ticket.state is not State.NEED_INFO_UNIT:
        raise IllegalMove(ticket.state, "info_received", context.actor)
    waiting = queries.open_question(session, ticket.id)
    due_at = _due_again(context, ticket, waiting)
    facts: dict[str, Any] = {**more, "supplement": text} if text else {"unanswered": True}
    moved = due_at if due_at != ticket.due_at else None
    ticket.move("info_received", context.actor, context.now(), due_at=moved, **facts)
    if moved is not None:
        move_due(session, ticket, moved)
    if waiting is not None:
        waiting.settled_at, waiting.due_at = context.now(), None
        waiting.answer, waiting.written_by_id = text, context.actor.user_id
    rows.announce(session, context, ticket, "supplemented")


def _due_again(context: Context, ticket: Ticket, waiting: UnitQuestion | None) -> datetime | None:
    """The clock stood still until now, and never beyond the citizen's time to answer."""
    if waiting is None or waiting.due_before is None:
        return ticket.due_at
    until = min(context.now(), waiting.answer_by)
    return reckoner(context).after_pause(waiting.due_before, waiting.asked_at, until, ticket.urgency)


def _refuse(field: str, obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise QuestionRefused(field, obstacle)
