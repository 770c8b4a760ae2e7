"""A bare socket that answers at once, in a process of its own: what a round trip costs here and now."""

import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

ANSWER = b"200 result=1 (1700000000)\n"


def _serve(told: Connection) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told.send(server.getsockname()[1])
        peer, _ = server.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while peer.recv(4096):
            peer.sendall(ANSWER)


class Echo:
    """One connection to the other process."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def round_trip(self) -> float:
        """Seconds that one took."""
        begun = time.perf_counter()
        self._line.sendall(b'GET FULL VARIABLE "${EPOCH}"\n')
        self._line.recv(4096)
        return time.perf_counter() - begun


@contextmanager
def echo() -> Iterator[Echo]:
    """A peer that lives for the length of the block."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    with socket.create_connection(("127.0.0.1", here.recv())) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield Echo(line)
    process.join(10)
