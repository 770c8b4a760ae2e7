"""Which tickets belong together."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline.asked_once import asked_once
from hotline.tickets.models import LinkKind, Ticket, TicketLink
from hotline.tickets.states import Confidentiality

MOST_LINKED = 50


@asked_once
def linked(session: Session, ticket_id: int) -> Sequence[Ticket]:
    """Every other ticket that is linked with this one, also by way of others, oldest first; no drafts."""
    known, new = {ticket_id}, {ticket_id}
    while new and len(known) <= MOST_LINKED:
        either = or_(TicketLink.ticket_id.in_(new), TicketLink.other_id.in_(new))
        pairs = session.execute(select(TicketLink.ticket_id, TicketLink.other_id).where(either)).all()
        new = {one for pair in pairs for one in pair} - known
        known |= new
    others = select(Ticket).where(Ticket.id.in_(known - {ticket_id}), Ticket.number.is_not(None))
    return session.scalars(others.order_by(Ticket.id)).all()


@asked_once
def recurrences(session: Session, ticket_id: int) -> tuple[Sequence[Ticket], Sequence[Ticket]]:
    """The same matter before this ticket and after it, oldest first; nothing sealed, no drafts."""
    link = TicketLink
    return (
        _chain(session, ticket_id, link.other_id, link.ticket_id),
        _chain(session, ticket_id, link.ticket_id, link.other_id),
    )


def _chain(
    session: Session, ticket_id: int, near: InstrumentedAttribute[int], far: InstrumentedAttribute[int]
) -> Sequence[Ticket]:
    known, new = {ticket_id}, {ticket_id}
    while new and len(known) <= MOST_LINKED:
        further = select(far).where(near.in_(new), TicketLink.kind == LinkKind.RECURRENCE)
        new = set(session.scalars(further)) - known
        known |= new
    if known == {ticket_id}:
        return ()
    others = select(Ticket).where(Ticket.id.in_(known - {ticket_id}), Ticket.number.is_not(None))
    others = others.where(Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(others.order_by(Ticket.id)).all()
