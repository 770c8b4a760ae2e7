"""The worker that turns finished recordings into transcripts."""

import threading
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import OperationalError

from hotline.context import Context
from hotline.transcripts import service
from hotline.transcripts.service import ClaimedRecording, SpokenSegment
from recordings.recogniser import Recogniser
from recordings.tracks import Spool, TrackError

_log = structlog.get_logger()

IDLE_SECONDS = 0.5
AFTER_DATABASE_FAILURE_SECONDS = 5.0


class Transcriber:
    """Claims recordings one at a time. `worker` names this process among others that do the same."""

    def __init__(self, context: Context, recogniser: Recogniser, spool: Spool, worker: str) -> None:
        self._context = context
        self._recogniser = recogniser
        self._spool = spool
        self._worker = worker

    def run(self, stop: threading.Event) -> None:
        """Transcribe whatever is due until told to stop; a recording that was begun is finished."""
        while not stop.is_set():
            try:
                worked = self.run_once()
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
        try:
            segments = {track.track_id: self._transcribe(track.path) for track in claim.tracks}
        except (TrackError, MemoryError) as error:
            self._fail(claim, error)
            return True
        self._complete(claim, segments)
        return True

    def _transcribe(self, path: str) -> Sequence[SpokenSegment]:
        audio = self._spool.read(path)
        if audio.is_silent:
            return ()
        return self._recogniser.transcribe(audio.samples, audio.rate)

    def _complete(self, claim: ClaimedRecording, segments: dict[int, Sequence[SpokenSegment]]) -> None:
        model = self._recogniser
        done = service.complete_transcript(self._context, claim, segments, model.name, model.sha256)
        outcome = "transcriber.done" if done else "transcriber.claim_lost"
        _log.info(outcome, recording=claim.recording_id, segments=sum(map(len, segments.values())))

    def _fail(self, claim: ClaimedRecording, error: Exception) -> None:
        reason = str(error) if isinstance(error, TrackError) else type(error).__name__
        service.fail_transcript(self._context, claim, reason)
        _log.warning("transcriber.failed", recording=claim.recording_id, tries=claim.tries, reason=reason)
