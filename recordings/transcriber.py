"""The worker that turns finished recordings into transcripts."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import structlog
from sqlalchemy.exc import OperationalError

from hotline.context import Context
from hotline.transcripts import service
from hotline.transcripts.service import ClaimedRecording, ClaimLost, SpokenSegment
from recordings.keeping import Keeper
from recordings.sound_files import Samples, Sound, blocks
from recordings.speech_models import Hears, Models
from recordings.tracks import SILENT_PEAK, Spool, TrackError

_log = structlog.get_logger()

IDLE_SECONDS = 0.5
AFTER_DATABASE_FAILURE_SECONDS = 5.0
RENEW_SECONDS = 20.0


class Transcriber:
    """Claims recordings one at a time. `worker` names this process among others that do the same."""

    def __init__(self, context: Context, models: Models, spool: Spool, worker: str) -> None:
        self._context = context
        self._models = models
        self._spool = spool
        self._worker = worker
        self._keeper = Keeper(context, spool)

    def run(self, stop: threading.Event) -> None:
        """Transcribe whatever is due until told to stop; a recording that was begun is finished."""
        while not stop.is_set():
            try:
                worked = self.run_once() or self._keeper.run_once()
            except OperationalError as error:
                _log.error("transcriber.database_unavailable", error=type(error.orig).__name__)
                stop.wait(AFTER_DATABASE_FAILURE_SECONDS)
                continue
            if not worked:
                stop.wait(IDLE_SECONDS)

    def run_once(self) -> bool:
        """Transcribe the recording that is due first. False if none is."""
        claim = service.claim_recording(self._context, self._worker)
        if claim is None:
            return False
        model = self._models.for_call(claim.languages)
        paths = {track.track_id: track.path for track in claim.tracks}
        try:
            segments = hear(model, self._spool, paths, lambda: service.renew_claim(self._context, claim))
        except (TrackError, MemoryError) as error:
            self._fail(claim, error)
        except ClaimLost:
            _log.info("transcriber.claim_lost", recording=claim.recording_id)
        else:
            self._complete(claim, model, segments)
        return True

    def _complete(
        self, claim: ClaimedRecording, model: Hears, segments: Mapping[int, Sequence[SpokenSegment]]
    ) -> None:
        done = service.complete_transcript(self._context, claim, segments, model.name, model.sha256)
        outcome = "transcriber.done" if done else "transcriber.claim_lost"
        _log.info(outcome, recording=claim.recording_id, segments=sum(map(len, segments.values())))

    def _fail(self, claim: ClaimedRecording, error: Exception) -> None:
        reason = str(error) if isinstance(error, TrackError) else type(error).__name__
        service.fail_transcript(self._context, claim, reason)
        _log.warning("transcriber.failed", recording=claim.recording_id, tries=claim.tries, reason=reason)


def hear(
    model: Hears, spool: Spool, paths: Mapping[int, str], renew: Callable[[], None]
) -> dict[int, Sequence[SpokenSegment]]:
    """What is said on tracks, by their ids. `renew` is called every so often while it lasts.

    Raises `TrackError`, and whatever `renew` raises.
    """
    heard: dict[int, Sequence[SpokenSegment]] = {}
    for track_id, path in paths.items():
        with spool.open(path) as sound:
            if not _is_silent(sound):
                heard[track_id] = model.transcribe_blocks(_renewing(sound, renew), sound.rate)
    return heard


def _is_silent(sound: Sound) -> bool:
    """A recogniser makes words of a line's own noise: a track on which nobody is heard has none."""
    return all(np.abs(block.astype(np.int32)).max(initial=0) < SILENT_PEAK for block in blocks(sound))


def _renewing(sound: Sound, renew: Callable[[], None]) -> Iterator[Samples]:
    due = time.monotonic() + RENEW_SECONDS
    for block in blocks(sound):
        if time.monotonic() > due:
            renew()
            due = time.monotonic() + RENEW_SECONDS
        yield block
