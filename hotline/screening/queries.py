"""Reads of what screening keeps."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.built_once import built_once
from hotline.screening.models import AnswerReview, DirectAnswer, InfoRequest, Refusal, RefusalState
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@asked_once
def requests_of(session: Session, ticket_id: int) -> Sequence[InfoRequest]:
    """Everything that the citizen was asked, oldest first."""
    query = select(InfoRequest).options(joinedload(InfoRequest.asked_by), joinedload(InfoRequest.written_by))
    return session.scalars(query.where(InfoRequest.ticket_id == ticket_id).order_by(InfoRequest.id)).all()


def open_requests(session: Session, ticket_id: int) -> list[InfoRequest]:
    """The requests that the ticket waits for, oldest first."""
    return [request for request in requests_of(session, ticket_id) if request.settled_at is None]


def unanswered(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of requests whose time is over, the oldest first."""
    query = select(InfoRequest.id).where(InfoRequest.due_at <= now)
    return session.scalars(query.order_by(InfoRequest.due_at, InfoRequest.id).limit(limit)).all()


def waiting(session: Session, limit: int = 200) -> Sequence[tuple[Ticket, datetime]]:
    """Tickets that wait for their citizen, each with when the last request's time ends, that first."""
    query = (
        select(InfoRequest)
        .join(InfoRequest.ticket)
        .options(joinedload(InfoRequest.ticket).joinedload(Ticket.contact))
        .where(InfoRequest.settled_at.is_(None), Ticket.state == State.NEED_INFO)
        .order_by(InfoRequest.id)
        .limit(limit)
    )
    latest = {request.ticket_id: request for request in session.scalars(query)}
    return sorted(
        ((request.ticket, request.answer_by) for request in latest.values()), key=lambda pair: pair[1]
    )


def paused(requests: Sequence[InfoRequest], now: datetime) -> timedelta:
    """How long the citizen's clock has stood still: each round from its first request until it was settled,
    and never beyond that request's own time (rulebook T05: at most five working days)."""
    total, until = timedelta(), None
    for request in requests:
        if until is not None and request.asked_at < until:
            continue  # a second request of the same round
        until = request.settled_at or now
        total += min(until, request.answer_by) - request.asked_at
    return total


UNDECIDED = (RefusalState.PROPOSED, RefusalState.DISPUTED)


@asked_once
def refusals_of(session: Session, ticket_id: int) -> Sequence[Refusal]:
    """Every refusal that was proposed for the ticket, oldest first."""
    query = select(Refusal).options(joinedload(Refusal.proposed_by), joinedload(Refusal.second))
    return session.scalars(query.where(Refusal.ticket_id == ticket_id).order_by(Refusal.id)).all()


@asked_once
def waiting_refusal(session: Session, ticket_id: int) -> Refusal | None:
    """The refusal that nobody has decided yet, or None."""
    return session.scalars(*_undecided_refusal(ticket_id)).first()


@built_once
def _undecided_refusal(ticket_id: int) -> Select[Refusal]:
    return select(Refusal).where(Refusal.ticket_id == ticket_id, Refusal.state.in_(UNDECIDED))


@asked_once
def refusal_in_force(session: Session, ticket_id: int) -> Refusal | None:
    """The refusal by which the ticket is not accepted now, or None."""
    query = select(Refusal).where(Refusal.ticket_id == ticket_id, Refusal.state == RefusalState.APPROVED)
    return session.scalar(query.order_by(Refusal.id.desc()).limit(1))


def refused(session: Session, *states: RefusalState, limit: int = 200) -> Sequence[Ticket]:
    """Tickets with a refusal that waits in one of these states, the oldest first."""
    query = refusals_in(*states).options(joinedload(Ticket.contact))
    return session.scalars(query.order_by(Refusal.id).limit(limit)).unique().all()


def refusals_in(*states: RefusalState) -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).join(Refusal, Refusal.ticket_id == Ticket.id)
    return query.where(Refusal.state.in_(states), Ticket.state == State.REGISTERED)


def untold(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Tickets that are not accepted and whose citizen does not know yet, the oldest first."""
    query = refusals_to_tell().options(joinedload(Ticket.contact))
    return session.scalars(query.order_by(Refusal.id).limit(limit)).unique().all()


def refusals_to_tell() -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).join(Refusal, Refusal.ticket_id == Ticket.id)
    return query.where(
        Refusal.state == RefusalState.APPROVED,
        Refusal.told_at.is_(None),
        Ticket.state == State.NOT_ACCEPTED,
    )


def to_screen(channels: Collection[str] | None = None) -> Select[Ticket]:
    """The question for registered tickets that nobody has proposed to refuse, the oldest first; only of some
    channels, where they are named."""
    return unscreened(channels).order_by(Ticket.id)


def unscreened(channels: Collection[str] | None = None) -> Select[Ticket]:
    """The same, to be counted."""
    proposed = select(Refusal.id).where(Refusal.ticket_id == Ticket.id, Refusal.state.in_(UNDECIDED))
    query = select(Ticket).where(Ticket.state == State.REGISTERED, ~proposed.exists())
    return query if channels is None else query.where(Ticket.channel.in_(channels))


@asked_once
def direct_answer(session: Session, ticket_id: int) -> DirectAnswer | None:
    """The latest answer that the ticket got without a department, or None."""
    query = select(DirectAnswer).options(joinedload(DirectAnswer.answered_by))
    query = query.where(DirectAnswer.ticket_id == ticket_id).order_by(DirectAnswer.id.desc())
    return session.scalar(query.limit(1))


def answered(session: Session, review: AnswerReview, limit: int = 200) -> Sequence[Ticket]:
    """Closed tickets whose direct answer stands there in its review, the oldest first."""
    query = answers_in(review).options(joinedload(Ticket.contact))
    return session.scalars(query.order_by(DirectAnswer.id).limit(limit)).unique().all()


def answers_in(review: AnswerReview) -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).join(DirectAnswer, DirectAnswer.ticket_id == Ticket.id)
    return query.where(DirectAnswer.review == review, Ticket.state == State.CLOSED)
