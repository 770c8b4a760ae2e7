"""Asking the citizen for what is missing: the ticket waits, and its clock with it (T05 to T07)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.rules import Reckoner
from hotline.outbox.rules import Kind
from hotline.outbox.service import owe
from hotline.people.actors import Role
from hotline.screening import queries
from hotline.screening.models import InfoRequest
from hotline.screening.opening import kept_text, opened
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

ANSWER_WITHIN = Limit(5, Unit.WORKING_DAY)
LOOK_AGAIN = timedelta(days=1)  # at what would be closed, but for supervision or an instruction
REQUESTS_BEFORE_CLOSING = 2
WRITERS = (Role.AGENT, Role.CALLBACK_AGENT)
"""Who speaks with citizens, and so writes down what they add."""
NO_INFORMATION = "no_information"


def ask(context: Context, ticket_id: int, question: str) -> None:
    """The citizen is asked; the ticket waits (T05)."""
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "ask the citizen")
        if ticket.state is not State.REGISTERED:  # a department's question is another move (T23)
            raise IllegalMove(ticket.state, "ask_info", context.actor)
        text = kept_text("question", question)
        request = _request(session, context, ticket, text)
        ticket.move(
            "ask_info",
            context.actor,
            context.now(),
            question=text,
            answer_by=request.answer_by,
            refusal_waits=queries.waiting_refusal(session, ticket_id) is not None,
        )
        owe(session, context, ticket, Kind.QUESTION)
        rows.announce(session, context, ticket, "waits_for_citizen")


def ask_again(context: Context, ticket_id: int, question: str = "") -> None:
    """The second request of the rulebook; without words of its own it repeats the last question.

    Counts from now on: the citizen has `ANSWER_WITHIN` once more. The clock's pause is not prolonged by it.
    """
    context.actor.must_have("ask the citizen again", Role.SCREENER, *WRITERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "ask the citizen again")
        if ticket.state is not State.NEED_INFO:
            raise IllegalMove(ticket.state, "ask_again", context.actor)
        waiting = queries.open_requests(session, ticket_id)
        text = kept_text("question", question) or waiting[-1].question
        for earlier in waiting:
            earlier.due_at = None
        request = _request(session, context, ticket, text)
        ticket.note("asked_again", context.actor, context.now(), question=text, answer_by=request.answer_by)
        owe(session, context, ticket, Kind.QUESTION)
        rows.announce(session, context, ticket, "waits_for_citizen")


def write_answer(context: Context, ticket_id: int, answer: str) -> None:
    """What the citizen added, kept with the question; back to screening (T06)."""
    with context.writing() as session:
        keep_answer(session, context, opened(session, context, ticket_id, "write down an answer"), answer)


def keep_answer(session: Session, context: Context, ticket: Ticket, answer: str, **facts: Any) -> None:
    """The same of a ticket that the caller has locked; `facts` stand in its history."""
    if ticket.state is not State.NEED_INFO:  # the answer to a department's question is another move (T24)
        raise IllegalMove(ticket.state, "info_received", context.actor)
    text = kept_text("answer", answer)
    ticket.move("info_received", context.actor, context.now(), **facts, supplement=text)
    waiting = queries.open_requests(session, ticket.id)
    _settle(context, waiting)
    if waiting:
        waiting[-1].answer, waiting[-1].written_by_id = text, context.actor.user_id
    rows.announce(session, context, ticket, "supplemented")


def close_unanswered(context: Context, limit: int = 50) -> int:
    """One sweep over requests whose time is over. Returns how many.

    Asked twice: closed for want of information (T07). Asked once: people are told to ask again.
    """
    with context.reading() as session:
        ids = queries.unanswered(session, context.now(), limit)
    return sum(_time_is_over(context, request_id) for request_id in ids)


def _time_is_over(context: Context, request_id: int) -> bool:
    with context.writing() as session:
        claim = update(InfoRequest).where(InfoRequest.id == request_id, InfoRequest.due_at <= context.now())
        if session.execute(claim.values(due_at=None)).rowcount == 0:  # type: ignore[attr-defined]
            return False  # answered, or another worker's
        ticket = session.get_one(InfoRequest, request_id).ticket
        waiting = queries.open_requests(session, ticket.id)
        if len(waiting) < REQUESTS_BEFORE_CLOSING:
            ticket.note("answer_overdue", context.actor, context.now(), requests=len(waiting))
            rows.announce(session, context, ticket, "answer_overdue")
            return True
        if ticket.stays_open:
            session.get_one(InfoRequest, request_id).due_at = context.now() + LOOK_AGAIN
            return False
        ticket.move("info_timeout", context.actor, context.now(), requests=len(waiting))
        ticket.outcome = NO_INFORMATION
        _settle(context, waiting)
        rows.announce(session, context, ticket, "closed")
        return True


def _request(session: Session, context: Context, ticket: Ticket, question: str) -> InfoRequest:
    counting = Reckoner(ChineseCalendar(), context.settings.zone)
    answer_by = counting.due(context.now(), ANSWER_WITHIN)
    request = InfoRequest(
        ticket_id=ticket.id,
        question=question,
        asked_at=context.now(),
        asked_by_id=context.actor.user_id,
        answer_by=answer_by,
        due_at=answer_by,
    )
    session.add(request)
    return request


def _settle(context: Context, requests: Sequence[InfoRequest]) -> None:
    for request in requests:
        request.settled_at, request.due_at = context.now(), None
