"""A ticket that has ended goes to dispatch again (rulebook T34, T44): with its number, and a new clock."""

from sqlalchemy.orm import Session

from hotline.appeals.rules import REOPENED
from hotline.appeals.settling import settle
from hotline.context import Context
from hotline.dispatch.assignments import take_from_department
from hotline.follow_up import together
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import ScreeningClass


def times_reopened(ticket: Ticket) -> int:
    """How often, by its history."""
    return sum(line.event in REOPENED for line in ticket.history)


def take_up(
    session: Session, context: Context, ticket: Ticket, event: str, why: str, **facts: str | bool | None
) -> None:
    """Make the move, and clear away how the ticket ended and who had it.

    Whoever is merged under it is asked after the next reply, and it stands by itself: what its own master was
    answered is not what it is reopened for. What a department is to do is a government service. Raises what
    `Ticket.move` raises.
    """
    count = times_reopened(ticket) + 1
    ticket.move(event, context.actor, context.now(), why, times_reopened=count, **facts)
    ticket.closed_at = ticket.outcome = ticket.solved = ticket.satisfaction = None
    ticket.master = ticket.due_at = None
    if ticket.screening_class in (None, ScreeningClass.NOT_ACCEPTED):
        ticket.screening_class = ScreeningClass.SERVICE
    take_from_department(session, context, ticket, event)
    for child in ticket.merged:
        together.drop(session, child)
    settle(session, context, ticket.id, granted=True, why=why)
    rows.announce(session, context, ticket, "reopened")
