"""From a finished recording to its text: register, claim, complete, or set aside with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from hotline import events
from hotline.calls.models import Call
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.transcripts import index
from hotline.transcripts.models import CallNotice, Recording, RecordingState, Segment, Speaker, Track

MOST_TRIES = 3
CLAIM_LASTS = timedelta(minutes=2)
"""A worker that was killed gives its claim back after this; one that lives renews it (`renew_claim`)."""
RETRY_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class TrackFile:
    """A file in the spool. `path` relative to the spool, `seconds` its length, `starts_s` its offset."""

    speaker: Speaker
    path: str
    seconds: float
    starts_s: float = 0.0
    sha256: str = ""
    samples_sha256: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)


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
    """A recording that this worker alone transcribes now. `tracks` are the speakers', without the mix.

    `languages` are what the call was held in as far as it is known, the most exact first.
    """

    recording_id: int
    worker: str
    tries: int
    tracks: tuple[ClaimedTrack, ...]
    languages: tuple[str, ...] = ()


class ClaimLost(Exception):
    """The claim was given to another worker meanwhile: nobody waits for this one's text."""


def is_registered(context: Context, linkedid: str) -> bool:
    """Whether the audio of this call is known already; its files may have other names by now."""
    with context.reading() as session:
        known = select(Recording.id).join(Call).where(Call.linkedid == linkedid)
        return session.scalar(known) is not None


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
            recording.kept_at = context.now()
            _announce(session, context, recording.id, "missing")
        elif lost_s:
            _announce(session, context, recording.id, "short", seconds=round(lost_s))
        return recording.id


def claim_recording(context: Context, worker: str) -> ClaimedRecording | None:
    """The recording that is due first, for this worker alone, or None.

    One conditional UPDATE decides between workers. What killed three workers is set aside on the way.
    """
    now = context.now()
    with context.writing() as session:
        for worn_out in _worn_out(session, now):
            _announce(session, context, worn_out, "set_aside")
        claimed: int | None = session.execute(_claim(worker, now)).scalar()
        if claimed is None:
            return None
        tries = session.scalars(select(Recording.tries).where(Recording.id == claimed)).one()
        tracks, languages = spoken_tracks(session, claimed), languages_of(session, claimed)
        return ClaimedRecording(claimed, worker, tries, tracks, languages)


def _claim(worker: str, now: datetime) -> ReturningUpdate[int]:
    """The row's lock keeps other workers from waiting for it on PostgreSQL; SQLite has one writer anyway."""
    first = select(Recording.id).where(Recording.due_at <= now).order_by(Recording.due_at, Recording.id)
    first = first.limit(1).with_for_update(skip_locked=True)
    claim = update(Recording).where(Recording.id == first.scalar_subquery(), Recording.due_at <= now)
    values = {
        "state": RecordingState.CLAIMED,
        "claimed_by": worker,
        "tries": Recording.tries + 1,
        "due_at": now + CLAIM_LASTS,
    }
    return claim.values(**values).returning(Recording.id)


def _worn_out(session: Session, now: datetime) -> list[int]:
    """Recordings whose third worker has died, too, from here on set aside."""
    worn_out = update(Recording).where(Recording.due_at <= now, Recording.tries >= MOST_TRIES)
    values = {
        "state": RecordingState.SET_ASIDE,
        "due_at": None,
        "keep_due_at": now,
        "failure": "the transcriber died three times on this recording",
    }
    return list(session.scalars(worn_out.values(**values).returning(Recording.id)))


def renew_claim(context: Context, claim: ClaimedRecording) -> None:
    """The worker is still at it. Raises `ClaimLost`."""
    with context.writing() as session:
        if not _settle(session, claim, {"due_at": context.now() + CLAIM_LASTS}):
            raise ClaimLost(f"recording {claim.recording_id}")


def spoken_tracks(session: Session, recording_id: int) -> tuple[ClaimedTrack, ...]:
    """The tracks of one speaker each."""
    tracks = select(Track).where(Track.recording_id == recording_id, Track.speaker != Speaker.MIX)
    return tuple(
        ClaimedTrack(track.id, track.speaker, track.path)
        for track in session.scalars(tracks.order_by(Track.id))
    )


def languages_of(session: Session, recording_id: int) -> tuple[str, ...]:
    """What the caller chose, or the line had: the dialect first, then the language of the prompts."""
    of_call = select(CallNotice.tongue, CallNotice.language).join(
        Recording, Recording.call_id == CallNotice.call_id
    )
    found = session.execute(of_call.where(Recording.id == recording_id)).first() or ()
    return tuple(language for language in found if language)


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
            "keep_due_at": context.now(),
        }
        if not _settle(session, claim, finished):
            return False
        write_segments(session, claim.recording_id, segments)
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
        if spent:
            failed["keep_due_at"] = context.now()
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


def write_segments(
    session: Session, recording_id: int, segments: Mapping[int, Sequence[SpokenSegment]]
) -> None:
    """The text of a recording, by track id, in the place of what was there, and its index."""
    written: list[Segment] = []
    for track in session.scalars(select(Track).where(Track.recording_id == recording_id)):
        index.remove(session, [segment.id for segment in track.segments])
        session.execute(delete(Segment).where(Segment.track_id == track.id))
        written += [_segment(track, spoken) for spoken in segments.get(track.id, ())]
    session.add_all(written)
    session.flush()
    if not _is_sealed(session, recording_id):
        index.add(session, written)


def _is_sealed(session: Session, recording_id: int) -> bool:
    """Whether a matter of this call is sealed: then nothing that was said is findable."""
    of_call = select(Call.contact_id).join(Recording, Recording.call_id == Call.id)
    contact = of_call.where(Recording.id == recording_id).scalar_subquery()
    sealed = Ticket.confidentiality == Confidentiality.SEALED
    return session.scalar(select(Ticket.id).where(Ticket.contact_id == contact, sealed).limit(1)) is not None


def _segment(track: Track, spoken: SpokenSegment) -> Segment:
    shift = track.starts_s
    words = [[word, start + shift, end + shift, *rest] for word, start, end, *rest in spoken.words]
    return Segment(
        track_id=track.id,
        start_s=spoken.start_s + shift,
        end_s=spoken.end_s + shift,
        text=spoken.text,
        words=words,
    )


def _announce(session: Session, context: Context, recording_id: int, kind: str, **facts: Any) -> None:
    call = session.get_one(Recording, recording_id).call
    for ticket in session.scalars(select(Ticket).where(Ticket.contact_id == call.contact_id)):
        ticket.note(f"recording_{kind}", context.actor, context.now(), **facts)
    session.flush()
    events.record(session, context.now(), f"recording.{kind}", f"call:{call.id}", **facts)
