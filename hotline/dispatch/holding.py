"""Getting a ticket that a department handles, for a change."""

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.actors import NotPermitted, Role
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def handled(session: Session, context: Context, ticket_id: int, deed: str) -> Ticket:
    """A ticket in handling; its row is locked. Raises `NoSuchTicket`, `IllegalMove` in another state."""
    return _in_handling(context, rows.locked(session, ticket_id), deed)


def held(session: Session, context: Context, ticket_id: int, deed: str, role: Role) -> Ticket:
    """As `handled`, for somebody with this role in the department that holds it; else `NotPermitted`."""
    context.actor.must_have(deed, role)
    ticket = rows.locked(session, ticket_id)
    if ticket.holder_id != context.actor.department_id:
        raise NotPermitted(context.actor, deed)
    return _in_handling(context, ticket, deed)


def _in_handling(context: Context, ticket: Ticket, deed: str) -> Ticket:
    if ticket.state is not State.HANDLING:
        raise IllegalMove(ticket.state, deed.replace(" ", "_"), context.actor)
    return ticket
