"""Writes finished utterances into the database, away from those who listen."""

import queue
import threading

import structlog
from sqlalchemy.exc import OperationalError

from hotline.context import Context
from hotline.live_text.service import Said, write_down

MOST_WAITING = 2000
"""While the database is away; what finds no room is left to the transcript of the recording."""
AWAY_SECONDS = 2.0
_TURN_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Scribe:
    """Takes utterances at once, and writes them when it can."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._said: queue.Queue[Said] = queue.Queue(MOST_WAITING)

    def note(self, said: Said) -> None:
        """Write this down. Returns at once."""
        try:
            self._said.put_nowait(said)
        except queue.Full:
            _log.error("live.not_written_down")

    def run(self, stop: threading.Event) -> None:
        """Write until `stop`, and then what is left, once."""
        while not stop.is_set():
            self._write(self._batch(_TURN_SECONDS), stop)
        self._write(self._batch(0), stop)

    def _batch(self, seconds: float) -> list[Said]:
        batch: list[Said] = []
        try:
            batch.append(self._said.get(timeout=seconds) if seconds else self._said.get_nowait())
            while True:
                batch.append(self._said.get_nowait())
        except queue.Empty:
            return batch

    def _write(self, batch: list[Said], stop: threading.Event) -> None:
        while batch:
            try:
                return write_down(self._context, batch)
            except OperationalError as error:
                _log.error("live.database_away", error=type(error).__name__)
                if stop.wait(AWAY_SECONDS):
                    return None
        return None
