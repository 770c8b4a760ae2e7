"""Archiving what has ended (rulebook B2: T35, T41, T42). Only the system does it, and nothing is deleted."""

from datetime import timedelta

from hotline.archiving import queries
from hotline.context import Context
from hotline.people.actors import SYSTEM
from hotline.tickets import rows

ENDED_FOR = timedelta(days=30)
"""As long as a citizen may come back to the matter (B7)."""


def archive_due(context: Context, limit: int = 500) -> int:
    """One sweep over what ended thirty days ago. Returns how many tickets went to the archive.

    Whatever of it waits for somebody stays where its list shows it: a notice or more, an instruction, a
    campaign, a refusal that its citizen has not been told, an answer that is not found sound, tickets merged
    under it.
    """
    context = context.acting_as(SYSTEM)
    with context.reading() as session:
        ids = queries.to_archive(session, context.now() - ENDED_FOR, limit)
    return sum(_archived(context, ticket_id) for ticket_id in ids)


def _archived(context: Context, ticket_id: int) -> bool:
    """False if another worker was faster, or somebody has opened something meanwhile."""
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if not queries.may_be_archived(session, ticket_id, context.now() - ENDED_FOR):
            return False
        ticket.move("archive", context.actor, context.now())
        rows.announce(session, context, ticket, "archived")
        return True
