"""Reads of requests for more time."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.extensions.models import ExtensionRequest, ExtensionState
from hotline.extensions.rules import Granted
from hotline.tickets.models import Ticket
from hotline.tickets.states import KeptOpenBy, State


@asked_once
def extensions_of(session: Session, ticket_id: int) -> Sequence[ExtensionRequest]:
    """All requests of a ticket, oldest first."""
    query = select(ExtensionRequest).where(ExtensionRequest.ticket_id == ticket_id)
    return session.scalars(
        query.options(joinedload(ExtensionRequest.department)).order_by(ExtensionRequest.id)
    ).all()


def open_extension(session: Session, ticket: Ticket) -> ExtensionRequest | None:
    """The request of the department that has the ticket now, if it waits for a decision."""
    mine = (one for one in extensions_of(session, ticket.id) if one.department_id == ticket.holder_id)
    return next((one for one in mine if one.state is ExtensionState.ASKED), None)


def granted(session: Session, ticket: Ticket) -> Granted:
    """What was granted to the department that has the ticket now."""
    mine = [one for one in extensions_of(session, ticket.id) if one.department_id == ticket.holder_id]
    approved = [one.days for one in mine if one.state is ExtensionState.APPROVED]
    waits = any(one.state is ExtensionState.ASKED for one in mine)
    return Granted(len(approved), sum(approved), waits)


def waiting_extensions(
    session: Session, department_id: int | None = None, limit: int = 200, instructed: bool = False
) -> Sequence[ExtensionRequest]:
    """Requests without a decision for tickets that are being handled, the earliest due first; of one
    department, if it is named, or only for tickets with an open instruction."""
    query = undecided_extensions(instructed)
    if department_id is not None:
        query = query.where(ExtensionRequest.department_id == department_id)
    query = query.options(joinedload(ExtensionRequest.ticket), joinedload(ExtensionRequest.department))
    return session.scalars(
        query.order_by(ExtensionRequest.due_before, ExtensionRequest.id).limit(limit)
    ).all()


def undecided_extensions(instructed: bool = False) -> Select[ExtensionRequest]:
    """The same of all departments, joined with their tickets, to be counted."""
    query = select(ExtensionRequest).join(Ticket)
    query = query.where(
        ExtensionRequest.state == ExtensionState.ASKED,
        ExtensionRequest.department_id == Ticket.holder_id,
        Ticket.state == State.HANDLING,
    )
    if instructed:
        query = query.where(Ticket.kept_open_by == KeptOpenBy.INSTRUCTION)
    return query
