"""Archiving what has ended (rulebook B2: T35, T41, T42). Only the system does it, and nothing is deleted."""

from datetime import timedelta

from hotline.archiving import queries
from hotline.context import Context
from hotline.people.actors import SYSTEM
from hotline.tickets import rows
from hotline.tickets.states import State

ENDED_FOR = timedelta(days=30)
"""As long as a citizen may come back to the matter (B7)."""


def archive_due(context: Context, limit: int = 500) -> int:
    """One sweep over what ended thirty days ago, in one transaction. Returns how many went to the archive.

    Whatever of it waits for somebody stays where its list shows it: a notice or more, an instruction, a
    campaign, what its citizen asks for, a refusal that its citizen has not been told, an answer that is not
    found sound, a day on which its department looks again, tickets merged under it.
    """
    context = context.acting_as(SYSTEM)
    with context.writing() as session:
        ended = queries.to_archive(session, context.now() - ENDED_FOR, limit)
        for ticket in ended:
            ticket.move("archive", context.actor, context.now())
            rows.announce(session, context, ticket, "archived")
        rows.moved_together(session, ended, State.ARCHIVED)
        return len(ended)
