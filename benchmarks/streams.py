"""From the commit of a fact until every open page is told, with 300 pages at one process of the console.

    python -m benchmarks.streams [PAGES]

The console runs as `hotline up` runs it. PAGES people sign in and hold the event stream of their page open;
then calls are opened in the database, and each page notes when it reads of them. The limit in the same run: a
process that writes a line to as many bare sockets as soon as it is told. Printed: both delays, and what one
more page costs the console in memory. One line at the end; the exit status is 1 when a goal is missed.
"""

import http.client
import multiprocessing
import random
import selectors
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks._browser import signed_in
from benchmarks._processes import processes
from hotline.calls.service import open_call
from hotline.config import Settings
from hotline.context import Context
from hotline.people.actors import Role
from tests.factories import CITIZEN, City, user
from tests.telephony.conftest import private_settings
from tests.waiting import until

PAGES = 300
FACTS = 60
PAUSE_S = (0.3, 0.7)
PATIENCE_S = 15.0
GOAL_S = 0.5


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


def main(pages: int) -> int:
    """Exit status 0 if the goal is reached."""
    with tempfile.TemporaryDirectory(prefix="streams.") as folder:
        settings = private_settings(Path(folder))
        context = Context.of(settings)
        context.database.upgrade()
        names = _people(context, pages)
        with processes(settings, "web") as running, ExitStack() as open_pages:
            console = running["web"].pid
            before = _resident_bytes(console)
            streams = [open_pages.enter_context(_page(settings, name)) for name in names]
            with Readers(streams, b"calls") as readers:
                ours = _delays(readers, lambda number: open_call(context, f"fact-{number}", CITIZEN, "12345"))
            each = (_resident_bytes(console) - before) / pages
        context.database.dispose()
    with _bare(pages) as (teller, sockets), Readers(sockets, b"calls") as readers:
        bare = _delays(readers, teller.send)
    return _judge(pages, ours, bare, each)


def _people(context: Context, pages: int) -> list[str]:
    city = City.founded(context)
    return [user(context, city.hotline_id, Role.AGENT).name for _ in range(pages)]


def _delays(readers: Readers, happens: Callable[[int], object]) -> np.ndarray:
    """A fact a row, a page a column; seconds."""
    chance, rows = random.Random(1), []
    for number in range(FACTS):
        rows.append(readers.delays_of(lambda: happens(number)))  # noqa: B023 (called at once)
        time.sleep(chance.uniform(*PAUSE_S))
    return np.array(rows)


@contextmanager
def _page(settings: Settings, name: str) -> Iterator[socket.socket]:
    """Somebody signed in whose page holds its event stream open; its socket."""
    connection = http.client.HTTPConnection("127.0.0.1", settings.web_port, timeout=30)
    cookie, token = signed_in(connection, name)
    connection.request("GET", "/events", headers={"Cookie": cookie, "X-CSRFToken": token})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    connection.sock = None  # answers that are read to their end close it
    line = answer.fp.raw._sock  # type: ignore[attr-defined]
    yield line
    answer.close()


@contextmanager
def _bare(pages: int) -> Iterator[tuple["Connection[int, int]", list[socket.socket]]]:
    """A process that writes one line to each of its sockets whenever it is sent something."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_tell_all, args=(there, pages), daemon=True)
    process.start()
    port = here.recv()
    with ExitStack() as lines:
        sockets = [lines.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(pages)]
        assert here.recv() == pages
        yield here, sockets
    here.close()
    process.join(10)


def _tell_all(told: "Connection[int, int]", pages: int) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=pages) as server:
        told.send(server.getsockname()[1])
        peers = [server.accept()[0] for _ in range(pages)]
    told.send(len(peers))
    try:
        while True:
            line = f"id: {told.recv()}\ndata: calls\n\n".encode()
            for peer in peers:
                peer.sendall(line)
    except EOFError:
        return


def _resident_bytes(leader: int) -> int:
    """What gunicorn's processes hold in memory of their own: private pages, as the kernel counts them."""
    children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
    return sum(_private_bytes(int(number)) for number in [leader, *children])


def _private_bytes(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


def _judge(pages: int, ours: np.ndarray, bare: np.ndarray, each: float) -> int:
    p50, p99, worst = np.percentile(ours, (50, 99, 100)) * 1000
    limit = float(np.percentile(bare, 99)) * 1000
    good = p99 < GOAL_S * 1000
    print(
        f"streams: {'good' if good else 'MISSED'}; {pages} pages, {ours.size} messages: p50 {p50:.0f}, "
        f"p99 {p99:.0f}, worst {worst:.0f} ms (goal p99 < {GOAL_S * 1000:.0f} ms); "
        f"bare sockets p99 {limit:.0f} ms; {each / 1024:.0f} KiB of memory a page"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
