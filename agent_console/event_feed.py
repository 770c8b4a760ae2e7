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
        self._changed = threading.Condition()
        self._recent: deque[Happening] = deque(maxlen=REMEMBERED)
        self._listeners = 0
        self._following = False
        self._latest = 0

    def latest(self) -> int:
        """The newest id of the log, as a starting point for a listener that has seen nothing."""
        with self._database.reading() as session:
            return latest_id(session)

    def listen(self, last_id: int) -> Iterator[Sequence[Happening]]:
        """Batches of what happened after `last_id`; an empty batch every `PING_SECONDS` of quiet."""
        self._arrive()
        try:
            while True:
                batch = self._after(last_id)
                if batch:
                    last_id = batch[-1].id
                yield batch
        finally:
            with self._changed:
                self._listeners -= 1

    def _arrive(self) -> None:
        newest = self.latest()
        with self._changed:
            self._listeners += 1
            if not self._following:
                self._following, self._latest = True, newest
                self._recent.clear()
                threading.Thread(target=self._follow, args=(newest,), name="event-feed", daemon=True).start()

    def _follow(self, last_id: int) -> None:
        while self._wanted():
            news = self._read_patiently(last_id)
            if news:
                last_id = news[-1].id
                with self._changed:
                    self._recent.extend(news)
                    self._latest = last_id
                    self._changed.notify_all()
            time.sleep(TICK_SECONDS)

    def _wanted(self) -> bool:
        with self._changed:
            self._following = self._listeners > 0
            return self._following

    def _after(self, last_id: int) -> Sequence[Happening]:
        with self._changed:
            self._changed.wait_for(lambda: self._latest > last_id, PING_SECONDS)
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
