"""A call whose recording has become text, without audio: for tests of what is made of the text."""

from collections.abc import Sequence

from sqlalchemy import select

from hotline.calls.models import Call
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Speaker
from hotline.transcripts.service import (
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    register_recording,
)

SECONDS_A_CHARACTER = 0.2


def transcribed(
    context: Context, ticket_id: int, said: Sequence[str], speaker: Speaker = Speaker.CALLER
) -> None:
    """The citizen said these sentences, one after the other; every character is a word of 0.2 seconds."""
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        linkedid = session.scalars(select(Call.linkedid).where(Call.contact_id == ticket.contact_id)).one()
    folder = f"2020/04/30/{linkedid}"
    register_recording(context, linkedid, folder, [TrackFile(speaker, f"{folder}/{speaker}.wav", 60.0)])
    claim = claim_recording(context, "tests")
    assert claim is not None
    segments = [_segment(number * 10.0, text) for number, text in enumerate(said)]
    assert complete_transcript(context, claim, {claim.tracks[0].track_id: segments}, "model", "hash")


def _segment(start_s: float, text: str) -> SpokenSegment:
    words = [
        [character, start_s + i * SECONDS_A_CHARACTER, start_s + (i + 1) * SECONDS_A_CHARACTER, 1.0]
        for i, character in enumerate(text)
    ]
    return SpokenSegment(start_s, start_s + len(text) * SECONDS_A_CHARACTER, text, words)
