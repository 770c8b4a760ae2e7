"""A citizen withdraws (rulebook T36-T39): nobody handles it any more, until they take it up again (T40)."""

from typing import Any

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dispatch.assignments import take_from_department
from hotline.people.actors import Actor
from hotline.tickets import rows
from hotline.tickets.models import Ticket


def withdraw(
    session: Session, context: Context, ticket: Ticket, actor: Actor, why: str, **evidence: Any
) -> None:
    """Make the move, and take it from whoever had it. Raises what `Ticket.move` raises."""
    ticket.move("withdraw", actor, context.now(), why, **evidence)
    take_from_department(session, context, ticket, "withdraw")
    ticket.due_at = None
    rows.announce(session, context, ticket, "withdrawn")
