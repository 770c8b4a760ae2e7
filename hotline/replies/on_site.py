"""When a department has to go and look before it replies (现场核查, rulebook B5.7)."""

from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hotline.built_once import built_once
from hotline.citizens.reminders import reminders
from hotline.dispatch.models import Assignment, Category
from hotline.replies.queries import visits_of
from hotline.replies.visits import is_since
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketType, Urgency

REPEATS = 2
IN_PLACE = (TicketType.HELP, TicketType.COMPLAINT, TicketType.REPORT)
"""A question about the law, or praise, has no place to go to, whatever its category."""


class Because(StrEnum):
    """Why somebody has to go there."""

    FLASH = "flash"
    REPEATED = "repeated"
    CATEGORY = "category"  # safety, environment
    AGAIN = "again"  # the visits on record were before the ticket was dispatched


def because(
    urgency: Urgency, repeats: int, ticket_type: TicketType | None, is_flagged: bool
) -> Because | None:
    """The first reason that holds, or None. `repeats`: how often the citizen came back while it was open."""
    if urgency is Urgency.FLASH:
        return Because.FLASH
    if repeats >= REPEATS:
        return Because.REPEATED
    return Because.CATEGORY if is_flagged and ticket_type in IN_PLACE else None


def visit_missing(session: Session, ticket: Ticket, lead: Assignment | None) -> Because | None:
    """Why the reply has to wait for a visit; None where none is required, or the department that has the
    ticket was there since it was dispatched to it (`lead`)."""
    why = _because(session, ticket)
    if why is None or lead is None:
        return why
    own = [v.visited_at for v in visits_of(session, ticket.id) if v.department_id == lead.department_id]
    if not own:
        return why
    return None if is_since(max(own), lead.dispatched_at) else Because.AGAIN


def _because(session: Session, ticket: Ticket) -> Because | None:
    found = session.execute(*_reasons(ticket.id, ticket.category_code or "")).one()
    return because(ticket.urgency, found.reminded, ticket.type, bool(found.is_flagged))


@built_once
def _reasons(ticket_id: int, category_code: str) -> Select[int, bool | None]:
    is_flagged = select(Category.on_site).where(Category.code == category_code)
    return select(
        reminders(ticket_id).scalar_subquery().label("reminded"),
        is_flagged.scalar_subquery().label("is_flagged"),
    )
