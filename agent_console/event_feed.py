"""Following the core's event log: one thread a process, while anybody listens."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from hotline.database import Database
from hotline.events import latest_id, since

TICK_SECONDS = 0.2
PING_SECONDS = 10.0
REMEMBERED = 2000

log = structlog.get_logger()


@dataclass(frozen=True)
class Happening:
    """One line of the event log."""

    id: int
    kind: str
    subject: str
    payload: dict[str, Any]


class EventFeed:
    """Follows the event log for every listener of this process; the thread lives while there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._bells: set[threading.Event] = set()
        self._recent: deque[Happening] = deque(maxlen=REMEMBERED)
        self._following = False
        self._latest = 0

    def latest(self) -> int:
        """The newest id of the log, as a starting point for a listener that has seen nothing."""
        with self._database.reading() as session:
            return latest_id(session)

    def listen(self, last_id: int, bell: threading.Event | None = None) -> Iterator[Sequence[Happening]]:
        """Batches of what happened after `last_id`; an empty batch every `PING_SECONDS` of quiet, and
        whenever somebody else sets `bell`."""
        bell = bell or threading.Event()
        self._arrive(bell)
        try:
            while True:
                batch = self._after(last_id, bell)
                if batch:
                    last_id = batch[-1].id
                yield batch
        finally:
            with self._lock:
                self._bells.discard(bell)

    def _arrive(self, bell: threading.Event) -> None:
        newest = self.latest()
        with self._lock:
            self._bells.add(bell)
            if not self._following:
                self._following, self._latest = True, newest
                self._recent.clear()
                threading.Thread(target=self._follow, args=(newest,), name="event-feed", daemon=True).start()

    def _follow(self, last_id: int) -> None:
        while self._wanted():
            news = self._read_patiently(last_id)
            if news:
                last_id = news[-1].id
                with self._lock:
                    self._recent.extend(news)
                    self._latest = last_id
                    for bell in self._bells:
                        bell.set()
            time.sleep(TICK_SECONDS)

    def _wanted(self) -> bool:
        with self._lock:
            self._following = bool(self._bells)
            return self._following

    def _has_more(self, last_id: int) -> bool:
        with self._lock:
            return self._latest > last_id

    def _after(self, last_id: int, bell: threading.Event) -> Sequence[Happening]:
        if not self._has_more(last_id):
            bell.wait(PING_SECONDS)
        bell.clear()  # before looking: whatever comes from here on sets it again
        with self._lock:
            if self._latest <= last_id:
                return ()
            if self._recent and self._recent[0].id <= last_id + 1:
                return [happening for happening in self._recent if happening.id > last_id]
        return self._read(last_id)

    def _read_patiently(self, last_id: int) -> list[Happening]:
        try:
            return self._read(last_id)
        except SQLAlchemyError as error:
            log.warning("event log unreadable, trying again", error=type(error).__name__)
            return []

    def _read(self, last_id: int) -> list[Happening]:
        with self._database.reading() as session:
            return [Happening(e.id, e.kind, e.subject, e.payload) for e in since(session, last_id)]


def topics(happening: Happening, extension: str | None) -> set[str]:
    """The topics that a happening changes for the person at this extension.

    `calls`, `seats`, `tickets`... by its kind; `ticket-7` or `call-12` by its subject; `desk` if it is about
    their own telephone.
    """
    changed = {f"{happening.kind.partition('.')[0].replace('_', '-')}s", happening.subject.replace(":", "-")}
    of_their_seat = happening.subject == f"seat:{extension}"
    if extension and (of_their_seat or happening.payload.get("extension") == extension):
        changed.add("desk")
    return changed
