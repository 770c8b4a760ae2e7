"""Recordings whose files have still to be put into the form in which they are kept (FLAC, encrypted).

The files are the business of `recordings/keeping.py`; here is who does it, and what a track is called after.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from hotline.context import Context
from hotline.transcripts.models import Recording, RecordingState, Track

CLAIM_LASTS = timedelta(minutes=10)
AFTER_FAILURE = timedelta(minutes=10)


@dataclass(frozen=True)
class KeptTrack:
    """A track as it lies now; `samples_sha256` is empty if it was not worked out at hang-up."""

    track_id: int
    path: str
    samples_sha256: str


@dataclass(frozen=True)
class ClaimedFiles:
    """The files of one recording. `transcribed`: its text is written, and they may become FLAC."""

    recording_id: int
    transcribed: bool
    tracks: tuple[KeptTrack, ...]


def claim_files(context: Context) -> ClaimedFiles | None:
    """The recording whose files are due first, or None. A dead worker's comes back after ten minutes."""
    now = context.now()
    with context.writing() as session:
        first = select(Recording.id).where(Recording.keep_due_at <= now).order_by(Recording.keep_due_at)
        first = first.limit(1).with_for_update(skip_locked=True)
        claim = update(Recording).where(Recording.id == first.scalar_subquery(), Recording.keep_due_at <= now)
        claimed = claim.values(keep_due_at=now + CLAIM_LASTS).returning(Recording.id, Recording.state)
        found = session.execute(claimed).first()
        if found is None:
            return None
        recording_id, state = found
        tracks = session.scalars(select(Track).where(Track.recording_id == recording_id).order_by(Track.id))
        kept = tuple(KeptTrack(track.id, track.path, track.samples_sha256) for track in tracks)
        return ClaimedFiles(recording_id, state is RecordingState.DONE, kept)


def track_lies_at(context: Context, track_id: int, path: str, samples_sha256: str) -> None:
    """The track is complete under its new name; the old file may go after this."""
    with context.writing() as session:
        values = {"path": path, "samples_sha256": samples_sha256}
        session.execute(update(Track).where(Track.id == track_id).values(**values))


def files_kept(context: Context, recording_id: int) -> None:
    """Nothing is left to do for this recording."""
    with context.writing() as session:
        values = {"keep_due_at": None, "kept_at": context.now()}
        session.execute(update(Recording).where(Recording.id == recording_id).values(**values))


def put_off(context: Context, recording_id: int) -> None:
    """It failed, on a full disk for instance: again later."""
    with context.writing() as session:
        due = update(Recording).where(Recording.id == recording_id, Recording.keep_due_at.is_not(None))
        session.execute(due.values(keep_due_at=context.now() + AFTER_FAILURE))
