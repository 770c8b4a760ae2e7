"""Answered without a department: at the desk (T03) or behind it (T17), with its text and its basis."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.appeals.settling import settle
from hotline.context import Context
from hotline.outbox.rules import Kind
from hotline.outbox.service import owe
from hotline.people.actors import NotPermitted, Role
from hotline.screening.models import AnswerReview, DirectAnswer
from hotline.screening.opening import kept_text, opened
from hotline.screening.queries import direct_answer
from hotline.tickets import rows
from hotline.tickets.lifecycle import GuardFailed
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, write_into
from hotline.tickets.states import State

ANSWERED = "answered"
LONGEST_BASIS = 300
BACK_OFFICE = (Role.DISPATCHER, Role.REVIEWER)


class NotToReview(Exception):
    """The answer needs no review, or somebody has reviewed it."""


def answer_directly(
    context: Context, ticket_id: int, answer: str, basis: str = "", draft: Draft | None = None
) -> str:
    """A consultation answered while its citizen listens (T03). Returns the ticket's number.

    `basis` is the policy or entry that the answer rests on; without one a reviewer looks at it afterwards.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "answer a citizen")
        if draft is not None and ticket.state is State.DRAFT:
            with session.no_autoflush:  # its old questions are read, and all that is new is written once
                write_into(ticket, draft)
        if not ticket.complainant_phone:
            ticket.complainant_phone = ticket.contact.number
        _answer(session, context, ticket, "answer_directly", answer, basis, needs_review=not basis.strip())
        if ticket.number is None:  # who writes on the web page has one already
            rows.give_number(session, context, ticket)
        ticket.registered_at, ticket.registered_by_id = ticket.closed_at, context.actor.user_id
        rows.announce(session, context, ticket, "closed")
        assert ticket.number is not None  # noqa: S101 (given above)
        return ticket.number


def answer_backoffice(context: Context, ticket_id: int, answer: str, basis: str) -> None:
    """An accepted ticket answered without dispatch (T17), on a basis. Always reviewed by somebody else."""
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "answer a citizen")
        if not basis.strip():
            raise GuardFailed(ticket.state, "answer_backoffice", context.actor, "an answer names its basis")
        _answer(session, context, ticket, "answer_backoffice", answer, basis, needs_review=True)
        rows.announce(session, context, ticket, "closed")


def review_answer(context: Context, ticket_id: int, sound: bool, reason: str = "") -> None:
    """A reviewer who did not answer says whether it was right; a wrong one goes to a supervisor."""
    context.actor.must_have("review an answer", Role.REVIEWER)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "review an answer")
        answer = direct_answer(session, ticket_id)
        if answer is None:
            raise NotToReview(f"ticket {ticket_id}")
        if answer.answered_by_id == context.actor.user_id:
            raise NotPermitted(context.actor, "review their own answer")
        why = kept_text("reason", reason)
        if not sound and not why:
            raise GuardFailed(ticket.state, "review_answer", context.actor, "a reason is needed")
        _claim(session, answer.id, AnswerReview.SOUND if sound else AnswerReview.WRONG)
        answer.reviewed_at, answer.reviewed_by_id = context.now(), context.actor.user_id
        ticket.note("answer_reviewed", context.actor, context.now(), why, sound=sound)
        rows.announce(session, context, ticket, "answer_reviewed")


def reopen_wrong(context: Context, ticket_id: int, reason: str) -> None:
    """A supervisor takes a wrongly answered ticket up again (T34): on to dispatch, or to a better answer.

    Raises `NotToReview` where that answer is not what it is closed by.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "reopen a ticket")
        answer = direct_answer(session, ticket_id)
        if answer is None or answer.review is not AnswerReview.WRONG or ticket.outcome != ANSWERED:
            raise NotToReview(f"ticket {ticket_id}")
        why = kept_text("reason", reason)
        ticket.move("reopen", context.actor, context.now(), why)
        ticket.closed_at = ticket.outcome = ticket.due_at = None
        settle(session, context, ticket.id, granted=True, why=why)
        rows.announce(session, context, ticket, "reopened")


def _answer(
    session: Session,
    context: Context,
    ticket: Ticket,
    event: str,
    answer: str,
    basis: str,
    needs_review: bool,
) -> None:
    text, rests_on = kept_text("answer", answer), kept_text("basis", basis, LONGEST_BASIS)
    ticket.move(event, context.actor, context.now(), answer=text, basis=rests_on)
    ticket.outcome = ANSWERED
    session.add(
        DirectAnswer(
            ticket_id=ticket.id,
            text=text,
            basis=rests_on,
            answered_at=context.now(),
            answered_by_id=context.actor.user_id,
            review=AnswerReview.WAITS if needs_review else AnswerReview.NOT_NEEDED,
        )
    )
    owe(session, context, ticket, Kind.ANSWER)


def _claim(session: Session, answer_id: int, review: AnswerReview) -> None:
    """Raises `NotToReview` where another reviewer was faster."""
    waiting = (DirectAnswer.id == answer_id, DirectAnswer.review == AnswerReview.WAITS)
    if session.execute(update(DirectAnswer).where(*waiting).values(review=review)).rowcount == 0:  # type: ignore[attr-defined]
        raise NotToReview(f"answer {answer_id}")
