"""A caller asks about a ticket that is open: a reminder on it instead of another ticket (rulebook B8)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.citizens.deeds import WITH_US
from hotline.citizens.reminders import count_of, keep_reminder
from hotline.context import Context
from hotline.follow_up.together import judged
from hotline.merging.rules import Obstacle
from hotline.merging.service import MergeRefused
from hotline.people.actors import Role
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import LinkKind, Ticket, TicketLink
from hotline.tickets.states import Confidentiality, State


def may_be_reminded(ticket: Ticket) -> bool:
    """Whether somebody has it, or the ticket under which it is merged."""
    return judged(ticket).state in WITH_US


def remind_in_call(context: Context, draft_id: int, number: str) -> int:
    """The caller of a draft's call asks after their ticket `number`. Returns how many reminders it has.

    The draft stays one of a call without a matter of its own, linked with the ticket: the lifecycle has no
    move for it, and another matter may still be told. A second press for the same call counts nothing.
    Raises `MergeRefused` for a ticket of another telephone, or which nobody has any more.
    """
    context.actor.must_have("take a reminder", Role.AGENT)
    with context.writing() as session:
        draft = rows.get(session, draft_id)
        if draft.state is not State.DRAFT:
            raise IllegalMove(draft.state, "remind", context.actor)
        ticket = _theirs(session, draft.contact.number, number)
        if not may_be_reminded(ticket):
            raise MergeRefused(Obstacle.NOBODY_HAS_IT)
        if _is_linked(session, draft, ticket):
            return count_of(ticket)
        session.add(
            TicketLink(
                ticket_id=ticket.id,
                other_id=draft.id,
                kind=LinkKind.REMINDER,
                at=context.now(),
                by_id=context.actor.user_id,
            )
        )
        draft.note("reminder_taken", context.actor, context.now(), other_number=ticket.number)
        return keep_reminder(session, context, ticket, context.actor)


def _theirs(session: Session, phone: str, number: str) -> Ticket:
    found = session.scalar(select(Ticket.id).where(Ticket.number == number))
    ticket = rows.locked(session, found) if found else None
    sealed = ticket is not None and ticket.confidentiality is Confidentiality.SEALED
    if ticket is None or sealed or not phone or ticket.complainant_phone != phone:
        raise MergeRefused(Obstacle.NOT_THEIRS)
    return ticket


def _is_linked(session: Session, draft: Ticket, ticket: Ticket) -> bool:
    query = select(TicketLink.id).where(TicketLink.ticket_id == ticket.id, TicketLink.other_id == draft.id)
    return session.scalar(query) is not None
