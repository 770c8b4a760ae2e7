"""Reads of sealed tickets: what each role may know of them, and never more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.people.actors import Actor, Role
from hotline.tickets.models import SealedReading, Ticket
from hotline.tickets.states import Confidentiality, State

_SEALED = Ticket.confidentiality == Confidentiality.SEALED


@dataclass(frozen=True)
class Envelope:
    """What may be known of a sealed ticket by those who may not read it."""

    number: str
    state: State
    received_at: datetime
    due_at: datetime | None


def leads(session: Session, actor: Actor, limit: int = 200) -> Sequence[Ticket]:
    """Sealed tickets for discipline inspection, those without receipt first. Nothing for anybody else."""
    if not actor.has(Role.DISCIPLINE):
        return []
    found = select(Ticket).where(_SEALED, Ticket.number.is_not(None))
    return session.scalars(
        found.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id).limit(limit)
    ).all()


def to_refer(session: Session, limit: int = 200) -> list[Envelope]:
    """Tickets that an agent sealed at the desk and that nobody has referred yet: number and time only."""
    found = select(Ticket.number, Ticket.state, Ticket.received_at, Ticket.due_at)
    found = found.where(_SEALED, Ticket.state == State.REGISTERED).order_by(Ticket.id).limit(limit)
    return [Envelope(number or "", state, at, due) for number, state, at, due in session.execute(found)]


def counts(session: Session) -> dict[State, int]:
    """How many sealed tickets are in each state, drafts left out (rulebook B13: count only)."""
    found = select(Ticket.state, func.count()).where(_SEALED, Ticket.number.is_not(None))
    return {row[0]: row[1] for row in session.execute(found.group_by(Ticket.state))}


def readings(session: Session, limit: int = 500) -> Sequence[tuple[SealedReading, str]]:
    """Who opened which sealed ticket when, newest first, with the ticket's number."""
    found = select(SealedReading, Ticket.number).join(Ticket, SealedReading.ticket_id == Ticket.id)
    rows = session.execute(found.order_by(SealedReading.id.desc()).limit(limit))
    return [(reading, number or "") for reading, number in rows]
