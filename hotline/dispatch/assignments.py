"""What a ticket was promised by, moving it where the rules allow that, and taking it from its department."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.profiles import Profile
from hotline.deadlines.queries import in_force, named
from hotline.dispatch.models import Assignment
from hotline.dispatch.undecided import drop_undecided
from hotline.tickets.models import Ticket


def limits_of(session: Session, context: Context, ticket: Ticket) -> Profile:
    """The profile by which the ticket was dispatched: a change of profile changes no promise."""
    return named(session, ticket.deadline_profile) if ticket.deadline_profile else in_force(session, context)


def move_due(session: Session, ticket: Ticket, due_at: datetime) -> None:
    """The ticket is due then; departments that have not finished get as much longer as it does."""
    by = due_at - ticket.due_at if ticket.due_at else None
    unfinished = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.is_current, Assignment.finished_at.is_(None)
    )
    for assignment in session.scalars(unfinished):
        assignment.due_at = assignment.due_at + by if by is not None else due_at
    ticket.due_at = due_at


def take_from_department(session: Session, context: Context, ticket: Ticket, because: str) -> None:
    """No department has it any more; `because` is the move. Here, and not before, first-contact
    responsibility (首问负责) ends, and so does what the department has asked for and nobody has decided."""
    drop_undecided(session, context, ticket, because)
    ended = update(Assignment).where(Assignment.ticket_id == ticket.id, Assignment.is_current)
    session.execute(ended.values(is_current=False, auto_sign_at=None))
    ticket.holder_id = None
