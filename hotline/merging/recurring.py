"""A matter has come back after its ticket was closed (rulebook B7, B8): registered anew, and linked."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.merging.rules import Obstacle, may_have_come_back
from hotline.merging.service import MergeRefused
from hotline.people.actors import Role
from hotline.screening.opening import opened
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import LinkKind, Ticket, TicketLink
from hotline.tickets.queries import by_number, of_number
from hotline.tickets.states import Confidentiality, State

LINKERS = (Role.AGENT, Role.SCREENER)
WHILE_LINKED = (State.DRAFT, State.REGISTERED)
"""Until it is screened: what comes after is handled as it is then known."""


def link_recurrence(context: Context, ticket_id: int, number: str) -> None:
    """`ticket_id` is what `number` was about, come back; a second press changes nothing.

    Whether it is the same is for whoever hears or reads it to say. Raises `MergeRefused` where the earlier
    one is of another telephone or not closed, `IllegalMove` once the new one is screened.
    """
    with context.writing() as session:
        ticket = _new(session, context, ticket_id, "link_recurrence")
        earlier = _earlier(session, ticket, number)
        if _link(session, earlier, ticket) is not None:
            return
        by, now = context.actor.user_id, context.now()
        kind = LinkKind.RECURRENCE
        session.add(TicketLink(ticket_id=earlier.id, other_id=ticket.id, kind=kind, at=now, by_id=by))
        ticket.note("recurrence_linked", context.actor, now, other_number=earlier.number)
        rows.announce(session, context, ticket, "recurrence_linked")


def unlink_recurrence(context: Context, ticket_id: int, number: str) -> None:
    """It is another matter after all; where nothing is linked nothing changes. Raises as above."""
    with context.writing() as session:
        ticket = _new(session, context, ticket_id, "unlink_recurrence")
        earlier = _earlier(session, ticket, number)
        link = _link(session, earlier, ticket)
        if link is None or link.kind is not LinkKind.RECURRENCE:
            return
        session.delete(link)
        ticket.note("recurrence_unlinked", context.actor, context.now(), other_number=earlier.number)
        rows.announce(session, context, ticket, "recurrence_unlinked")


def may_be_of(session: Session, ticket: Ticket) -> list[Ticket]:
    """Closed tickets of the same telephone, the newest first: one of them may be the same matter."""
    found = {one.id: one for phone in _phones(ticket) for one in of_number(session, phone)}
    return [one for one in found.values() if one.id < ticket.id and may_have_come_back(one)]


def linked_before(session: Session, contact_id: int) -> Sequence[int]:
    """Ids of earlier tickets with which this contact's are linked so."""
    query = select(TicketLink.ticket_id).join(Ticket, Ticket.id == TicketLink.other_id)
    query = query.where(Ticket.contact_id == contact_id, TicketLink.kind == LinkKind.RECURRENCE)
    return session.scalars(query).all()


def _new(session: Session, context: Context, ticket_id: int, event: str) -> Ticket:
    context.actor.must_have("say what has come back", *LINKERS)
    ticket = opened(session, context, ticket_id, "say what has come back")
    if ticket.state not in WHILE_LINKED:
        raise IllegalMove(ticket.state, event, context.actor)
    return ticket


def _earlier(session: Session, ticket: Ticket, number: str) -> Ticket:
    earlier = by_number(session, number)
    if earlier is None or earlier.confidentiality is Confidentiality.SEALED:
        raise MergeRefused(Obstacle.NOT_SAME_CALLER)
    if earlier.complainant_phone not in _phones(ticket) or earlier.id >= ticket.id:
        raise MergeRefused(Obstacle.NOT_SAME_CALLER)
    if not may_have_come_back(earlier):
        raise MergeRefused(Obstacle.NOT_OVER)
    return earlier


def _link(session: Session, earlier: Ticket, ticket: Ticket) -> TicketLink | None:
    these = (TicketLink.ticket_id == earlier.id, TicketLink.other_id == ticket.id)
    return session.scalar(select(TicketLink).where(*these))


def _phones(ticket: Ticket) -> set[str]:
    return {ticket.complainant_phone, ticket.contact.number or ""} - {""}
