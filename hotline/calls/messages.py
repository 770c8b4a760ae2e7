"""Messages that callers leave: each becomes the caller's draft to register."""

from sqlalchemy import select

from hotline import events
from hotline.calls.models import Call
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def message_left(context: Context, linkedid: str) -> None:
    """The caller has left a message; it lies among the call's tracks. Told again, nothing happens."""
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None or call.message_left_at is not None:
            return
        call.message_left_at = context.now()
        drafts = select(Ticket).where(Ticket.contact_id == call.contact_id, Ticket.state == State.DRAFT)
        for ticket in session.scalars(drafts):
            ticket.note("message_left", context.actor, context.now())
        events.record(session, context.now(), "call.message_left", f"call:{call.id}")
