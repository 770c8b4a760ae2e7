"""From the commit of a fact until every open page is told, with 300 pages at one process of the console.

    python -m benchmarks.streams [PAGES]

The console runs as `hotline up` runs it. PAGES people sign in and hold the event stream of their page open;
then calls are opened in the database, and each page notes when it reads of them. The limit in the same run: a
process that writes a line to as many bare sockets as soon as it is told. Printed: both delays, and what one
more page costs the console in memory. One line at the end; the exit status is 1 when a goal is missed.
"""

import multiprocessing
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks._processes import processes
from benchmarks._streams import Readers, agents, open_page, resident_bytes, sign_in
from hotline.calls.service import open_call
from hotline.context import Context
from tests.factories import CITIZEN, City
from tests.telephony.conftest import private_settings

PAGES = 300
FACTS = 60
PAUSE_S = (0.3, 0.7)
GOAL_S = 0.5


def main(pages: int) -> int:
    """Exit status 0 if the goal is reached."""
    with tempfile.TemporaryDirectory(prefix="streams.") as folder:
        settings = private_settings(Path(folder))
        context = Context.of(settings)
        context.database.upgrade()
        names = agents(City.founded(context), pages)
        with processes(settings, "web") as running, ExitStack() as open_pages:
            console = running["web"].pid
            before = resident_bytes(console)
            keys = [sign_in(settings, name) for name in names]
            streams = [open_pages.enter_context(open_page(settings, key)) for key in keys]
            with Readers(streams, b"calls") as readers:
                ours = _delays(readers, lambda number: open_call(context, f"fact-{number}", CITIZEN, "12345"))
            each = (resident_bytes(console) - before) / pages
        context.database.dispose()
    with _bare(pages) as (teller, sockets), Readers(sockets, b"calls") as readers:
        bare = _delays(readers, teller.send)
    return _judge(pages, ours, bare, each)


def _delays(readers: Readers, happens: Callable[[int], object]) -> np.ndarray:
    """A fact a row, a page a column; seconds."""
    chance, rows = random.Random(1), []
    for number in range(FACTS):
        rows.append(readers.delays_of(lambda: happens(number)))  # noqa: B023 (called at once)
        time.sleep(chance.uniform(*PAUSE_S))
    return np.array(rows)


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
