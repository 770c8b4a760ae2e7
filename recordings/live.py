"""Listens to many lines while people talk: one worker a core, whoever has waited longest first.

Vosk lets go of Python's lock while it decodes, so threads are enough, and this process serves nothing else.
Sound that comes faster than it can be looked at is dropped, the oldest first, before it costs memory.
"""

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import structlog

from hotline.live_text.ports import Heard, Load
from hotline.transcripts.service import SpokenSegment
from recordings.live_gate import RATE, Gate, Piece
from recordings.recogniser import Recogniser

BYTES_A_SECOND = 2 * RATE
BLOCK_BYTES = BYTES_A_SECOND // 10
MOST_WAITING_BYTES = 3 * BYTES_A_SECOND
SILENT_LINE_SECONDS = 1.0
"""A line that sends nothing at all for so long has finished its utterance."""
_LOOKED_BACK_SECONDS = 1.0
_CLOCK_SECONDS = 0.2

_log = structlog.get_logger(__name__)


class LiveDecoder:
    """Implements `hotline.live_text.ports.LiveRecogniser`."""

    def __init__(
        self,
        recogniser: Recogniser,
        workers: int | None = None,
        silent_seconds: float = SILENT_LINE_SECONDS,
        by_language: Mapping[str, Recogniser] | None = None,
    ) -> None:
        """By default a worker for each core that this process may use. `by_language` holds the recognisers
        of single languages, by the call plan's names; `recogniser` is for all others."""
        self._recogniser = recogniser
        self._by_language = by_language or {}
        self._silent_seconds = silent_seconds
        self._cores = workers or len(os.sched_getaffinity(0))
        self._ready: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._lines: set[Line] = set()
        self._lock = threading.Lock()
        self._looks: deque[tuple[float, float, float]] = deque()
        self._stop = threading.Event()
        names = [f"live-worker-{number}" for number in range(self._cores)]
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]
        self._threads.append(threading.Thread(target=self._watch, name="live-clock", daemon=True))
        for thread in self._threads:
            thread.start()

    def listen(self, on_heard: Callable[[Heard], None], languages: Sequence[str] = ()) -> "Line":
        """See the port."""
        known = (self._by_language[name] for name in languages if name in self._by_language)
        line = Line(next(known, self._recogniser), on_heard, self._ready.put)
        with self._lock:
            self._lines.add(line)
        return line

    def load(self) -> Load:
        """See the port; over the last second."""
        now = time.monotonic()
        with self._lock:
            looks, lines = list(self._looks), list(self._lines)
        recent = [look for look in looks if now - look[0] < _LOOKED_BACK_SECONDS]
        waiting = [line.waited(now) for line in lines]
        lag = max([*(lag for _, lag, _ in recent), *waiting], default=0.0)
        busy = sum(seconds for _, _, seconds in recent) / (_LOOKED_BACK_SECONDS * self._cores)
        return Load(len(lines), lag, busy)

    def close(self) -> None:
        """See the port."""
        self._stop.set()
        for _ in range(self._cores):
            self._ready.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (line := self._ready.get()) is not None:
            began, spent = time.monotonic(), time.thread_time()
            lag = line.waited(began)
            try:
                line.look()
            except Exception as error:  # noqa: BLE001  one odd line must not take a worker with it
                _log.error("live.line_failed", error=type(error).__name__)
                line.abandon()
            with self._lock:
                self._looks.append((began, lag, time.thread_time() - spent))
                while began - self._looks[0][0] > _LOOKED_BACK_SECONDS:
                    self._looks.popleft()
                if line.is_over:
                    self._lines.discard(line)

    def _watch(self) -> None:
        while not self._stop.wait(_CLOCK_SECONDS):
            with self._lock:
                lines = list(self._lines)
            for line in lines:
                line.notice_silence(time.monotonic() - self._silent_seconds)


class Line:
    """One speaker's line. Implements `hotline.live_text.ports.ListeningLine`; worked on by one worker at a
    time."""

    def __init__(
        self, recogniser: Recogniser, on_heard: Callable[[Heard], None], ready: Callable[["Line"], None]
    ) -> None:
        """Made by `LiveDecoder.listen`; `ready` puts it in front of the workers."""
        self._listening = recogniser.listening(RATE)
        self._on_heard = on_heard
        self._ready = ready
        self._gate = Gate()
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._since: float | None = None
        self._fed_at = time.monotonic()
        self._finishes = self._closed = self._queued = False
        self.is_over = False
        self._number = 0
        self._heard_s = 0.0  # all the sound that was listened to
        self._began = self._ended = self._offset = 0.0
        self._told = ""

    def feed(self, samples: bytes) -> None:
        """See the port."""
        now = time.monotonic()
        with self._lock:
            if self._closed:
                return
            self._fed_at = now
            self._since = now if self._since is None else self._since
            self._waiting += samples
            surplus = len(self._waiting) - MOST_WAITING_BYTES
            if surplus > 0:
                del self._waiting[: surplus + surplus % 2]
                self._since = now - MOST_WAITING_BYTES / BYTES_A_SECOND
            self._offer(len(self._waiting) >= BLOCK_BYTES)

    def finish(self) -> None:
        """See the port."""
        with self._lock:
            self._waiting.clear()
            self._finishes = True
            self._offer(wanted=True)

    def close(self) -> None:
        """See the port."""
        with self._lock:
            self._closed = self._finishes = True
            self._offer(wanted=True)

    @property
    def waiting_bytes(self) -> int:
        """How much sound waits to be looked at."""
        with self._lock:
            return len(self._waiting)

    def waited(self, now: float) -> float:
        """Seconds that the oldest sound has waited beyond the block that it is a part of."""
        with self._lock:
            if self._since is None or not self._queued:
                return 0.0
            return max(0.0, now - self._since - BLOCK_BYTES / BYTES_A_SECOND)

    def notice_silence(self, since: float) -> None:
        """Finish what is open, if no sound has come since then."""
        with self._lock:
            idle = not self._queued and not self._finishes and self._fed_at < since
            if self._gate.is_open and idle:
                self._finishes = True
                self._offer(wanted=True)

    def look(self) -> None:
        """Listen to what has come. For workers."""
        with self._lock:
            samples = np.frombuffer(bytes(self._waiting[: len(self._waiting) // 2 * 2]), "<i2")
            finishes, closed, at = self._finishes, self._closed, self._fed_at
            self._waiting.clear()
            self._since, self._finishes = None, False
        for piece in self._gate.pieces(samples.astype(np.int16)):
            self._listen(piece, at)
        if finishes and self._gate.is_open:
            self._gate.shut()
            self._end(self._listening.finish())
        with self._lock:
            self._queued, self.is_over = False, closed
            self._offer(not closed and (self._finishes or len(self._waiting) >= BLOCK_BYTES))

    def abandon(self) -> None:
        """Never to be looked at again."""
        with self._lock:
            self._closed = self.is_over = self._queued = True

    def _offer(self, wanted: bool) -> None:
        if wanted and not self._queued:
            self._queued = True
            self._ready(self)

    def _listen(self, piece: Piece, at: float) -> None:
        seconds = len(piece.samples) / RATE
        if piece.begins:
            self._began = at - seconds
            self._offset = self._began - self._heard_s
        self._heard_s += seconds
        self._ended = at
        ended, segment = self._listening.accept(piece.samples)
        if ended:
            self._end(segment)
            if self._gate.is_quiet:  # the recogniser has noticed the end itself: no need to wait for it
                self._gate.shut()
        elif not piece.ends and (text := self._listening.partial()) != self._told:
            self._told = text
            self._on_heard(Heard(self._number, self._began, at, final=False, text=text))
        if piece.ends:
            self._end(self._listening.finish())

    def _end(self, segment: SpokenSegment | None) -> None:
        """An utterance is over; one in which nothing was understood is told only if it had been before."""
        if segment is not None:
            self._tell_final(segment)
        elif self._told:
            self._on_heard(Heard(self._number, self._began, self._ended, final=True, text=""))
            self._number += 1
        self._told = ""

    def _tell_final(self, segment: SpokenSegment) -> None:
        first, last = segment.start_s, segment.end_s
        words: list[Any] = [
            (word, start - first, end - first, conf) for word, start, end, conf in segment.words
        ]
        began, ended = self._offset + first, self._offset + last
        self._on_heard(Heard(self._number, began, ended, True, segment.text, words))
        self._number += 1
        self._began = ended  # the same stretch of sound may go on with another utterance
