"""What a screener may do with a registered ticket."""

from dataclasses import dataclass

from hotline.context import Context
from hotline.screening.opening import opened
from hotline.screening.queries import waiting_refusal
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import ScreeningClass, TicketTrack, TicketType, Urgency
from hotline.tickets.tracks import TRACKS


@dataclass(frozen=True)
class Screened:
    """What the screener settles. None keeps what the agent wrote; of the urgency, what the track proposes."""

    urgency: Urgency | None = None
    track: TicketTrack = TicketTrack.TIMELY
    type: TicketType | None = None
    category_code: str | None = None


def accept(context: Context, ticket_id: int, screened: Screened, reason: str = "") -> None:
    """A government service matter: on to dispatch (T15)."""
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "accept")
        refusal_waits = waiting_refusal(session, ticket_id) is not None
        _settle(ticket, screened)
        ticket.move(
            "accept",
            context.actor,
            context.now(),
            reason,
            urgency=ticket.urgency,
            track=ticket.track,
            type=ticket.type,
            category_code=ticket.category_code,
            refusal_waits=refusal_waits,
        )
        rows.announce(session, context, ticket, "accepted")


def _settle(ticket: Ticket, screened: Screened) -> None:
    ticket.screening_class = ScreeningClass.SERVICE
    ticket.urgency = screened.urgency or TRACKS[screened.track].proposes
    if ticket.track is not screened.track:
        ticket.track, ticket.track_ready_at = screened.track, None
    if screened.type is not None:
        ticket.type = screened.type
    if screened.category_code:
        ticket.category_code = screened.category_code
