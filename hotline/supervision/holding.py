"""What special supervision and instructions keep open (rulebook B2, rule 4), and what they let go of."""

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.follow_up import closing
from hotline.supervision import queries
from hotline.tickets.models import Ticket


def hold_or_release(session: Session, context: Context, ticket: Ticket) -> None:
    """Called after every step that opens or closes something, with the row of the ticket locked.

    With the last of it a ticket closes whose citizen was asked meanwhile.
    """
    session.flush()
    was_kept, ticket.kept_open_by = ticket.kept_open_by, queries.keeping_open(session, ticket.id)
    if was_kept and ticket.kept_open_by is None:
        closing.close_waiting(session, context, ticket)
