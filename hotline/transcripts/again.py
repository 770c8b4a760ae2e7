"""Transcripts made anew, with a better model, while the old ones are read; the old ones are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call
from hotline.context import Context
from hotline.transcripts.models import EarlierTranscript, Recording, RecordingState, Segment, Track
from hotline.transcripts.service import (
    CLAIM_LASTS,
    ClaimedTrack,
    ClaimLost,
    SpokenSegment,
    spoken_tracks,
    write_segments,
)


@dataclass(frozen=True)
class Wanted:
    """Recordings of calls that began in [`since`, `until`), not written down by the model `sha256` yet."""

    since: datetime
    until: datetime
    sha256: str


@dataclass(frozen=True)
class ClaimedAgain:
    """A recording that this worker alone writes down anew."""

    recording_id: int
    worker: str
    tracks: tuple[ClaimedTrack, ...]


def count_wanted(context: Context, wanted: Wanted) -> int:
    """How many recordings are left to do."""
    with context.reading() as session:
        ids = select(func.count(Recording.id)).join(Call).where(*_is_wanted(wanted))
        return session.scalar(ids) or 0


def claims(context: Context, wanted: Wanted, worker: str) -> Iterator[ClaimedAgain]:
    """One recording after the other, each once, the oldest first, claimed by a conditional UPDATE.

    What other workers have, or had and died with, is left to them, or to the next run.
    """
    with context.reading() as session:
        ids = session.scalars(
            select(Recording.id).join(Call).where(*_is_wanted(wanted)).order_by(Call.started_at, Recording.id)
        ).all()
    for recording_id in ids:
        with context.writing() as session:
            free = or_(Recording.again_until_at.is_(None), Recording.again_until_at < context.now())
            claim = update(Recording).where(
                Recording.id == recording_id, free, Recording.model_hash != wanted.sha256
            )
            values = {"again_by": worker, "again_until_at": context.now() + CLAIM_LASTS}
            if not session.execute(claim.values(**values)).rowcount:  # type: ignore[attr-defined]
                continue
            tracks = spoken_tracks(session, recording_id)
        yield ClaimedAgain(recording_id, worker, tracks)


def renew(context: Context, claim: ClaimedAgain) -> None:
    """The worker is still at it. Raises `ClaimLost`."""
    with context.writing() as session:
        if not _hold(session, claim, {"again_until_at": context.now() + CLAIM_LASTS}):
            raise ClaimLost(f"recording {claim.recording_id}")


def give_back(context: Context, claim: ClaimedAgain) -> None:
    """It could not be done: what was there stays."""
    with context.writing() as session:
        _hold(session, claim, {"again_by": "", "again_until_at": None})


def replace(
    context: Context,
    claim: ClaimedAgain,
    segments: Mapping[int, Sequence[SpokenSegment]],
    model_name: str,
    model_hash: str,
) -> bool:
    """Put the new text in the old one's place, and keep the old one. False if the claim was lost."""
    with context.writing() as session:
        recording = session.get_one(Recording, claim.recording_id)
        earlier = _earlier(session, context, recording)
        values = {
            "again_by": "",
            "again_until_at": None,
            "state": RecordingState.DONE,
            "failure": "",
            "model_name": model_name,
            "model_hash": model_hash,
            "transcribed_at": context.now(),
        }
        if not _hold(session, claim, values):
            return False
        if earlier is not None:
            session.add(earlier)
        write_segments(session, claim.recording_id, segments)
        events.record(session, context.now(), "recording.transcribed", f"call:{recording.call_id}")
        return True


def _earlier(session: Session, context: Context, recording: Recording) -> EarlierTranscript | None:
    """What there is now, as it is kept; None where nothing was ever written down."""
    if recording.state is not RecordingState.DONE:
        return None
    said = select(Segment).join(Track).where(Track.recording_id == recording.id).order_by(Segment.start_s)
    names = ("track_id", "start_s", "end_s", "text", "words")
    return EarlierTranscript(
        recording_id=recording.id,
        model_name=recording.model_name,
        model_hash=recording.model_hash,
        transcribed_at=recording.transcribed_at,
        superseded_at=context.now(),
        said=[{name: getattr(segment, name) for name in names} for segment in session.scalars(said)],
    )


def _is_wanted(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    return (
        Call.started_at >= wanted.since,
        Call.started_at < wanted.until,
        Recording.state.in_((RecordingState.DONE, RecordingState.SET_ASIDE)),
        Recording.model_hash != wanted.sha256,
        Recording.audio_deleted_at.is_(None),
        Recording.text_deleted_at.is_(None),
        select(Track.id).where(Track.recording_id == Recording.id).exists(),
    )


def _hold(session: Session, claim: ClaimedAgain, values: Mapping[str, object]) -> bool:
    """Write values, if the claim is still this worker's."""
    ours = update(Recording).where(
        Recording.id == claim.recording_id,
        Recording.again_by == claim.worker,
        Recording.again_until_at.is_not(None),
    )
    return bool(session.execute(ours.values(**values)).rowcount)  # type: ignore[attr-defined]
