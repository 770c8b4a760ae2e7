"""From a finished recording to its text: register, claim, complete, or set aside with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, RecordingState, Segment, Speaker, Track

MOST_TRIES = 3
CLAIM_LASTS = timedelta(minutes=10)  # a worker that was killed gives its claim back after this
RETRY_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class TrackFile:
    """A file in the spool. `path` relative to the spool, `seconds` its length, `starts_s` its offset."""

    speaker: Speaker
    path: str
    seconds: float
    starts_s: float = 0.0
    sha256: str = ""


@dataclass(frozen=True)
class SpokenSegment:
    """What a recogniser heard. Seconds from the start of the track; words as `[word, start, end, conf]`."""

    start_s: float
    end_s: float
    text: str
    words: list[list[Any]]


@dataclass(frozen=True)
class ClaimedTrack:
    """A track to transcribe."""

    track_id: int
    speaker: Speaker
    path: str


@dataclass(frozen=True)
class ClaimedRecording:
    """A recording that this worker alone transcribes now. `tracks` are the speakers', without the mix."""

    recording_id: int
    worker: str
    tries: int
    tracks: tuple[ClaimedTrack, ...]


def register_recording(
    context: Context, linkedid: str, folder: str, tracks: Sequence[TrackFile], lost_s: float = 0.0
) -> int | None:
    """The call's audio is complete on disk. Returns the recording's id; None if the call is unknown.

    `lost_s` seconds of the call could not be recorded: the ticket says so. A recording without any track is
    set aside at once. Told again, returns the first registration unchanged.
    """
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None:
            return None
        known = session.scalar(select(Recording.id).where(Recording.call_id == call.id))
        if known is not None:
            return known
        recording = Recording(call_id=call.id, folder=folder, due_at=context.now())
        recording.tracks = [Track(**vars(track)) for track in tracks]
        session.add(recording)
        session.flush()
        events.record(session, context.now(), "recording.registered", f"call:{call.id}")
        if not tracks:
            recording.state, recording.due_at = RecordingState.SET_ASIDE, None
            recording.failure = "nothing was recorded"
            _announce(session, context, recording.id, "missing")
        elif lost_s:
            _announce(session, context, recording.id, "short", seconds=round(lost_s))
        return recording.id


def claim_recording(context: Context, worker: str) -> ClaimedRecording | None:
    """The recording that is due first, for this worker alone, or None.

    The row's lock decides between workers (on SQLite, the one writer). What killed three workers is set
    aside on the way.
    """
    now = context.now()
    with context.writing() as session:
        recording = _due_first(session, now)
        while recording is not None and recording.tries >= MOST_TRIES:
            recording.state, recording.due_at = RecordingState.SET_ASIDE, None
            recording.failure = "the transcriber died three times on this recording"
            _announce(session, context, recording.id, "set_aside")
            recording = _due_first(session, now)
        if recording is None:
            return None
        recording.state, recording.claimed_by = RecordingState.CLAIMED, worker
        recording.tries, recording.due_at = recording.tries + 1, now + CLAIM_LASTS
        tracks = tuple(
            ClaimedTrack(track.id, track.speaker, track.path)
            for track in recording.tracks
            if track.speaker is not Speaker.MIX
        )
        return ClaimedRecording(recording.id, worker, recording.tries, tracks)


def _due_first(session: Session, now: datetime) -> Recording | None:
    """The recording that is due first among those that no other worker is taking just now."""
    due = select(Recording).where(Recording.due_at <= now).order_by(Recording.due_at, Recording.id)
    return session.scalar(due.limit(1).with_for_update(skip_locked=True))


def complete_transcript(
    context: Context,
    claim: ClaimedRecording,
    segments: Mapping[int, Sequence[SpokenSegment]],
    model_name: str,
    model_hash: str,
) -> bool:
    """Write the segments (by track id). Returns False if the claim had been given to another worker."""
    with context.writing() as session:
        finished = {
            "state": RecordingState.DONE,
            "due_at": None,
            "failure": "",
            "model_name": model_name,
            "model_hash": model_hash,
            "transcribed_at": context.now(),
        }
        if not _settle(session, claim, finished):
            return False
        for track in session.scalars(select(Track).where(Track.recording_id == claim.recording_id)):
            track.segments = [_segment(track, spoken) for spoken in segments.get(track.id, ())]
        _announce(session, context, claim.recording_id, "transcribed")
        return True


def fail_transcript(context: Context, claim: ClaimedRecording, reason: str) -> bool:
    """The try failed; after three the recording is set aside and its ticket says so.

    `reason` names the error, never what was said. Returns False if the claim was no longer ours.
    """
    spent = claim.tries >= MOST_TRIES
    with context.writing() as session:
        failed = {
            "state": RecordingState.SET_ASIDE if spent else RecordingState.PENDING,
            "due_at": None if spent else context.now() + RETRY_AFTER * claim.tries,
            "failure": reason[:200],
        }
        if not _settle(session, claim, failed):
            return False
        _announce(session, context, claim.recording_id, "set_aside" if spent else "failed")
        return True


def _settle(session: Session, claim: ClaimedRecording, values: dict[str, Any]) -> bool:
    """Write the outcome of a try, if the claim is still this worker's."""
    ours = update(Recording).where(
        Recording.id == claim.recording_id,
        Recording.state == RecordingState.CLAIMED,
        Recording.claimed_by == claim.worker,
        Recording.tries == claim.tries,
    )
    return bool(session.execute(ours.values(**values)).rowcount)  # type: ignore[attr-defined]


def _segment(track: Track, spoken: SpokenSegment) -> Segment:
    shift = track.starts_s
    words = [[word, start + shift, end + shift, *rest] for word, start, end, *rest in spoken.words]
    return Segment(start_s=spoken.start_s + shift, end_s=spoken.end_s + shift, text=spoken.text, words=words)


def _announce(session: Session, context: Context, recording_id: int, kind: str, **facts: Any) -> None:
    call = session.get_one(Recording, recording_id).call
    for ticket in session.scalars(select(Ticket).where(Ticket.contact_id == call.contact_id)):
        ticket.note(f"recording_{kind}", context.actor, context.now(), **facts)
    session.flush()
    events.record(session, context.now(), f"recording.{kind}", f"call:{call.id}", **facts)
