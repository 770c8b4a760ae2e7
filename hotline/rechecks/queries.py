"""Reads of days of another look."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from hotline.asked_once import asked_once
from hotline.rechecks.models import Recheck
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality


@asked_once
def rechecks_of(session: Session, ticket_id: int) -> Sequence[Recheck]:
    """Everything that was set, the oldest first."""
    return session.scalars(select(Recheck).where(Recheck.ticket_id == ticket_id).order_by(Recheck.id)).all()


def open_recheck(session: Session, ticket: Ticket) -> Recheck | None:
    """What the department that has the ticket, or had it last, has still to look at; None for nothing."""
    found = (one for one in rechecks_of(session, ticket.id) if one.looked_at is None)
    return next((one for one in found if one.department_id == ticket.holder_id), None)


def to_look_at(department_id: int | None) -> Select[Recheck]:
    """What this department has to look at and has been told of, with its tickets; none of sealed ones."""
    query = select(Recheck).join(Recheck.ticket).options(contains_eager(Recheck.ticket))
    return query.where(
        Recheck.looked_at.is_(None),
        Recheck.tell_at.is_(None),
        Recheck.department_id == department_id,
        Ticket.holder_id == department_id,
        Ticket.confidentiality != Confidentiality.SEALED,
    )


def due_of(session: Session, department_id: int | None, limit: int = 200) -> Sequence[Recheck]:
    """The same, the earliest day first."""
    query = to_look_at(department_id).order_by(Recheck.due_at, Recheck.id)
    return session.scalars(query.limit(limit)).all()


def untold(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of those whose day has begun and of which nobody has been told."""
    query = select(Recheck.id).where(Recheck.tell_at <= now)
    return session.scalars(query.order_by(Recheck.tell_at).limit(limit)).all()
