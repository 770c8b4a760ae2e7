"""What agents make of suggestions is kept for learning, once their ticket is registered."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from agent_console.house import acting_context, house
from hotline.suggestions.queries import suggestions_for
from hotline.suggestions.service import keep_choices
from hotline.tickets.queries import with_everything

log = structlog.get_logger()


def learn_from(ticket_id: int) -> None:
    """Compare the ticket with what its words suggest. The ticket is registered, whatever becomes of this."""
    context = acting_context()
    try:
        with context.reading() as session:
            ticket = with_everything(session, ticket_id)
            found = suggestions_for(session, context, house().librarian, ticket) if ticket else []
        if found:
            keep_choices(context, house().librarian, ticket_id, found)
    except SQLAlchemyError as error:
        log.error("nothing was learnt from a registered ticket", ticket=ticket_id, error=type(error).__name__)
