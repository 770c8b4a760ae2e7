"""Pages that are held open at the console, as far as the server sees them: their event streams."""

import http.client
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks._browser import signed_in
from hotline.config import Settings
from hotline.people.actors import Role
from tests.factories import City, user
from tests.waiting import until

PATIENCE_S = 15.0


class Readers:
    """Reads all sockets in one thread and notes when each one's newest line came."""

    def __init__(self, sockets: Sequence[socket.socket], mark: bytes) -> None:
        """mark: stands in every line that tells of a fact, and in no other."""
        self._mark = mark
        self._pages = selectors.DefaultSelector()
        self._seen: list[list[float]] = [[] for _ in sockets]
        for number, one in enumerate(sockets):
            one.setblocking(False)
            self._pages.register(one, selectors.EVENT_READ, number)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()
        self._pages.close()

    def delays_of(self, happens: Callable[[], object]) -> list[float]:
        """Seconds from the end of what happens until each of them reads of it."""
        for moments in self._seen:
            moments.clear()
        happens()
        told_at = time.monotonic()
        until(lambda: all(self._seen), PATIENCE_S, "every page to be told")
        return [moments[0] - told_at for moments in self._seen]

    def _read(self) -> None:
        while not self._stop.is_set():
            for key, _ in self._pages.select(0.2):
                content = key.fileobj.recv(65536)  # type: ignore[union-attr]
                now = time.monotonic()
                if not content:
                    self._pages.unregister(key.fileobj)
                self._seen[key.data].extend([now] * content.count(self._mark))


def agents(city: City, count: int) -> list[str]:
    """The names of as many people who may sign in."""
    return [user(city.context, city.hotline_id, Role.AGENT).name for _ in range(count)]


def sign_in(settings: Settings, name: str) -> dict[str, str]:
    """What a page of this person sends along."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.web_port, timeout=30)
    cookie, token = signed_in(connection, name)
    connection.close()
    return {"Cookie": cookie, "X-CSRFToken": token}


@contextmanager
def open_page(
    settings: Settings, key: dict[str, str], ticket_id: int | None = None
) -> Iterator[socket.socket]:
    """A page whose event stream is held open, and that may show a ticket; its socket."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.web_port, timeout=30)
    connection.request("GET", f"/events?ticket={ticket_id}" if ticket_id else "/events", headers=key)
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    connection.sock = None  # answers that are read to their end close it
    line = answer.fp.raw._sock  # type: ignore[attr-defined]
    yield line
    answer.close()


def resident_bytes(leader: int) -> int:
    """What gunicorn's processes hold in memory of their own: private pages, as the kernel counts them."""
    return sum(_private_bytes(process) for process in _family(leader))


def busy_seconds(leader: int) -> float:
    """The processor time that these processes have used so far."""
    return sum(_ticks(process) for process in _family(leader)) / os.sysconf("SC_CLK_TCK")


def _family(leader: int) -> list[int]:
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    return [leader, *map(int, children)]


def _private_bytes(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _ticks(process: int) -> int:
    """In user mode and in the kernel: fields 14 and 15 of proc(5)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
