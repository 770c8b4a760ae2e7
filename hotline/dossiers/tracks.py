"""Taking one track of a recording out, as a file: for a reason, written into the ticket's history."""

from hotline.context import Context
from hotline.dossiers.models import LONGEST_REASON
from hotline.dossiers.rules import ROLES, DossierRefused, may_order
from hotline.people.actors import Actor, NotPermitted
from hotline.tickets import privacy, rows
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Track


def may_take(actor: Actor, ticket: Ticket) -> bool:
    """Whoever may take the ticket's whole file out, and hears its recordings; all others only play them."""
    return may_order(actor, ticket) and privacy.may_listen(actor, ticket)


def take(context: Context, ticket_id: int, track_id: int, reason: str) -> None:
    """Write down that the track leaves the house. Raises `NotPermitted`, `DossierRefused`, `NoSuchTicket`."""
    context.actor.must_have("take a recording out", *ROLES)
    told = reason.strip()
    if not told or len(told) > LONGEST_REASON or "\x00" in told:
        raise DossierRefused("reason")
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if not may_take(context.actor, ticket):
            raise NotPermitted(context.actor, "take this recording out")
        track = session.get(Track, track_id)
        if track is None or track.recording.call.contact_id != ticket.contact_id:
            raise DossierRefused("track")
        ticket.note("recording_taken", context.actor, context.now(), told, speaker=track.speaker)
