"""Getting a ticket for a step of screening, and texts that people write in one."""

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.people.actors import NotPermitted
from hotline.tickets import privacy, rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import LONGEST_TEXT, DraftRefused


def opened(session: Session, context: Context, ticket_id: int, deed: str) -> Ticket:
    """The ticket, locked: two steps of screening follow one another.

    Raises `NotPermitted` where it is sealed and the actor is not of discipline inspection.
    """
    ticket = rows.locked(session, ticket_id)
    if privacy.is_sealed_for(context.actor, ticket):
        raise NotPermitted(context.actor, deed)
    return ticket


def kept_text(name: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without blanks around it. Raises `DraftRefused` where it cannot be kept."""
    kept = text.strip()
    if len(kept) > longest:
        raise DraftRefused(name, f"longer than {longest} characters")
    if "\x00" in kept:
        raise DraftRefused(name, "contains a null character")
    return kept
