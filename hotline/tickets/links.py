"""Which tickets belong together."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once
from hotline.tickets.models import Ticket, TicketLink

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
