"""A call whose recording has become text, without audio: for tests of what is made of the text."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState
from hotline.context import Context
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from hotline.transcripts import again
from hotline.transcripts.models import Recording, Speaker
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


def talked(
    context: Context,
    ticket_id: int,
    said: Sequence[tuple[Speaker, float, str]],
    agent: Actor | None = None,
    seconds: float = 120.0,
) -> int:
    """A talk with this agent that is over now: who said what from which second on. Returns the call's id.

    The agent answered in the fifth second; every character is a word of 0.2 seconds.
    """
    with context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        call = session.scalars(select(Call).where(Call.contact_id == ticket.contact_id)).one()
        begin = context.now() - timedelta(seconds=seconds)
        call.started_at, call.answered_at, call.ended_at = begin, begin + timedelta(seconds=5), context.now()
        call.state, call.end = CallState.ENDED, CallEnd.TALKED
        call.agent_id = agent.user_id if agent else None
        linkedid, call_id = call.linkedid, call.id
    folder = f"2020/04/30/{linkedid}"
    speakers = [*dict.fromkeys(speaker for speaker, _, _ in said), Speaker.MIX]
    tracks = [TrackFile(speaker, f"{folder}/{speaker}.wav", seconds) for speaker in speakers]
    register_recording(context, linkedid, folder, tracks)
    claim = claim_recording(context, "tests")
    assert claim is not None
    segments = {
        track.track_id: [
            _segment(start_s, text) for speaker, start_s, text in said if speaker is track.speaker
        ]
        for track in claim.tracks
    }
    assert complete_transcript(context, claim, segments, "small-zh", "0" * 64)
    return call_id


def written_anew(
    context: Context, call_id: int, said: Sequence[tuple[Speaker, float, str]], model_hash: str = "1" * 64
) -> None:
    """A better model has written the call down."""
    wanted = again.Wanted(context.now() - timedelta(days=1), context.now() + timedelta(days=1), model_hash)
    for claim in again.claims(context, wanted, "tests"):
        with context.reading() as session:
            of_call = session.get_one(Recording, claim.recording_id).call_id == call_id
        if of_call:
            segments = {
                track.track_id: [_segment(at_s, text) for who, at_s, text in said if who is track.speaker]
                for track in claim.tracks
            }
            assert again.replace(context, claim, segments, "better", model_hash)
