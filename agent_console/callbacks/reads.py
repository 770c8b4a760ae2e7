"""Messages with their sound and their text."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hotline.callbacks.queries import drafts_with_message
from hotline.calls.models import Call
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, RecordingState, Speaker, Track
from hotline.transcripts.queries import recordings_of_contact


@dataclass(frozen=True)
class Message:
    """A message, the draft that it has become, its track, and its words; None until they are written down.

    `must_be_heard`: they never will be; whoever registers it listens.
    """

    call: Call
    ticket: Ticket
    track: Track | None
    text: str | None
    must_be_heard: bool = False


def messages(session: Session) -> Sequence[Message]:
    """Those that nobody has registered yet, oldest first."""
    return [_message(session, call, ticket) for call, ticket in drafts_with_message(session)]


def _message(session: Session, call: Call, ticket: Ticket) -> Message:
    for recording in recordings_of_contact(session, call.contact_id):
        for track in recording.tracks:
            if recording.call_id == call.id and track.speaker is Speaker.MESSAGE:
                lost = recording.state is RecordingState.SET_ASIDE
                return Message(call, ticket, track, _text(recording, track), lost)
    return Message(call, ticket, None, None)


def _text(recording: Recording, track: Track) -> str | None:
    if recording.state is not RecordingState.DONE:
        return None
    return " ".join(segment.text for segment in track.segments)
