"""Reads of suspensions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.suspension.models import Suspension, SuspensionState
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@asked_once
def suspensions_of(session: Session, ticket_id: int) -> Sequence[Suspension]:
    """All of a ticket, oldest first."""
    query = select(Suspension).where(Suspension.ticket_id == ticket_id).order_by(Suspension.id)
    return session.scalars(query.options(joinedload(Suspension.department))).all()


def asked_suspension(session: Session, ticket: Ticket) -> Suspension | None:
    """The request of the department that has the ticket now, if it waits for a decision."""
    return _latest(session, ticket, SuspensionState.ASKED)


def running_suspension(session: Session, ticket: Ticket) -> Suspension | None:
    """The suspension that a suspended ticket is in."""
    return _latest(session, ticket, SuspensionState.SUSPENDED)


def waiting_suspensions(
    session: Session, department_id: int | None = None, limit: int = 200
) -> Sequence[Suspension]:
    """Requests without a decision for tickets that are being handled, oldest first; of one department, if it
    is named."""
    query = undecided_suspensions()
    if department_id is not None:
        query = query.where(Suspension.department_id == department_id)
    return session.scalars(_with_all(query.order_by(Suspension.asked_at, Suspension.id)).limit(limit)).all()


def undecided_suspensions() -> Select[Suspension]:
    """The same of all departments, joined with their tickets, to be counted."""
    return (
        select(Suspension)
        .join(Ticket)
        .where(
            Suspension.state == SuspensionState.ASKED,
            Suspension.department_id == Ticket.holder_id,
            Ticket.state == State.HANDLING,
        )
    )


def on_record(session: Session, limit: int = 200) -> Sequence[Suspension]:
    """Suspended tickets (记录在案), the next review first."""
    query = select(Suspension).where(Suspension.state == SuspensionState.SUSPENDED)
    return session.scalars(_with_all(query.order_by(Suspension.review_at, Suspension.id)).limit(limit)).all()


def to_review(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of tickets whose day of review has come."""
    query = select(Suspension.ticket_id).where(Suspension.due_at <= now)
    return session.scalars(query.order_by(Suspension.due_at).limit(limit)).all()


def _latest(session: Session, ticket: Ticket, state: SuspensionState) -> Suspension | None:
    found = [one for one in suspensions_of(session, ticket.id) if one.state is state]
    return next((one for one in reversed(found) if one.department_id == ticket.holder_id), None)


def _with_all(query: Select[Suspension]) -> Select[Suspension]:
    return query.options(joinedload(Suspension.ticket), joinedload(Suspension.department))
