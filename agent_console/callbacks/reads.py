"""Messages with their sound and their text."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.callbacks.queries import drafts_with_message, message_of
from hotline.calls.models import Call
from hotline.people.actors import Actor
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.transcripts.models import Recording, RecordingState, Speaker, Track
from hotline.transcripts.privacy import can_be_silenced, readable
from hotline.transcripts.queries import recordings_of_contact


@dataclass(frozen=True)
class Message:
    """A message, the draft that it has become, its track, and its words; None until they are written down.

    Whoever may not know the citizen reads them masked, and is given no track before it can be silenced.
    `must_be_heard`: they never will be; whoever registers it listens. `is_sealed`: nothing of it is shown.
    """

    call: Call
    ticket: Ticket
    track: Track | None
    text: str | None
    must_be_heard: bool = False
    is_sealed: bool = False


def messages(session: Session, actor: Actor) -> Sequence[Message]:
    """Those that nobody has registered yet, oldest first, as this person may know them."""
    found = drafts_with_message(session)
    return [_message(session, actor, call, ticket) for call, ticket in found]


def message_in(session: Session, actor: Actor, ticket: Ticket) -> Message | None:
    """The message that has become this draft, as this person may know it; None where there is none."""
    call = message_of(session, ticket.id)
    return _message(session, actor, call, ticket) if call else None


def _is_sealed(ticket: Ticket) -> bool:
    return any(other.confidentiality is Confidentiality.SEALED for other in ticket.contact.tickets)


def _message(session: Session, actor: Actor, call: Call, ticket: Ticket) -> Message:
    if _is_sealed(ticket):
        return Message(call, ticket, None, None, is_sealed=True)
    sees = privacy.sees_identity(actor, ticket)
    for recording in recordings_of_contact(session, call.contact_id):
        for track in recording.tracks:
            if recording.call_id == call.id and track.speaker is Speaker.MESSAGE:
                lost = recording.state is RecordingState.SET_ASIDE
                audible = track if sees or can_be_silenced(recording) else None
                return Message(call, ticket, audible, _text(recording, sees), lost)
    return Message(call, ticket, None, None)


def _text(recording: Recording, sees_identity: bool) -> str | None:
    if recording.state is not RecordingState.DONE:
        return None
    said = readable(recording, sees_identity)
    return " ".join(line.text for line in said if line.speaker is Speaker.MESSAGE)
