"""Reads of what screening keeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.screening.models import InfoRequest
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


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
