"""Reads of recordings and transcripts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.calls.models import Call
from hotline.transcripts.models import EarlierTranscript, Recording, Segment, Speaker, Track


@asked_once
def recordings_of_contact(session: Session, contact_id: int) -> Sequence[Recording]:
    """Recordings of a contact's calls with tracks and segments, oldest first."""
    query = (
        select(Recording)
        .join(Recording.call)
        .options(
            joinedload(Recording.tracks).selectinload(Track.segments),
            selectinload(Recording.earlier),
            contains_eager(Recording.call),
        )
        .where(Call.contact_id == contact_id)
        .order_by(Recording.id)
    )
    return session.scalars(query).unique().all()


def conversation(recording: Recording) -> list[tuple[Speaker, Segment]]:
    """What was said, all speakers in the order of time."""
    said = [(track.speaker, segment) for track in recording.tracks for segment in track.segments]
    return sorted(said, key=lambda pair: (pair[1].start_s, pair[1].end_s))


def earlier_conversation(
    recording: Recording, earlier: EarlierTranscript
) -> list[tuple[Speaker, Mapping[str, Any]]]:
    """The same of a transcript that was superseded."""
    speakers = {track.id: track.speaker for track in recording.tracks}
    return [(speakers[said["track_id"]], said) for said in earlier.said]


def track(session: Session, track_id: int) -> Track | None:
    """A track, or None."""
    return session.get(Track, track_id)
