"""Script servers that fail, each in its own way, on the port where the hotline's scripts should be."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket], None]


def dies_at_once(connection: socket.socket) -> None:
    """Closes before it has read anything."""


def dies_in_the_middle(connection: socket.socket) -> None:
    """Reads the call's variables, sets one, and is gone without a word."""
    _read_header(connection)
    connection.sendall(b'SET VARIABLE CONTACT "1"\n')
    connection.recv(200)


def dies_while_it_plays(connection: socket.socket) -> None:
    """Is gone while a prompt is being played for it."""
    _read_header(connection)
    connection.sendall(b'STREAM FILE "please-hold" ""\n')


def talks_nonsense(connection: socket.socket) -> None:
    """Sends what is no command, and waits to be hung up."""
    _read_header(connection)
    connection.sendall(b"\xff nonsense\n\n" * 3)
    _wait_for_the_end(connection)


def never_answers(connection: socket.socket) -> None:
    """Accepts, and then nothing."""
    _wait_for_the_end(connection)


def _read_header(connection: socket.socket) -> None:
    received = b""
    while b"\n\n" not in received:
        received += connection.recv(4096)


def _wait_for_the_end(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


@contextmanager
def serving(port: int, *behaviours: Behaviour) -> Iterator[list[Behaviour]]:
    """The first call meets the first behaviour, and so on; the list grows by what was met."""
    met: list[Behaviour] = []
    coming = iter(behaviours)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            behaviour = next(coming)
            met.append(behaviour)
            behaviour(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield met
        finally:
            server.shutdown()
            thread.join()
