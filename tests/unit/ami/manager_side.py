"""Plays Asterisk's side of AMI over a real socket, as far as a test tells it to."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from ivr.ami.client import Timings
from tests.ports import free_port

GREETING = "Asterisk Call Manager/11.0.0\r\n"
SECRET = "secret"
PATIENT = Timings(connect=60, answer=60)
"""For whatever is not about time: on a busy machine a thread may stand still for seconds."""
Reply = Callable[[dict[str, str]], str]


def packet(**headers: str) -> str:
    """One packet; `Response` or `Event` comes first as the first argument."""
    return "".join(f"{key}: {value}\r\n" for key, value in headers.items()) + "\r\n"


def success(action: dict[str, str]) -> str:
    return packet(Response="Success", ActionID=action["ActionID"])


def silence(_action: dict[str, str]) -> str:
    return ""


class ManagerSide:
    """A manager interface that logs anybody in with the right secret and answers `Ping`."""

    def __init__(self, greeting: str = GREETING, secret: str = SECRET) -> None:
        self._greeting = greeting
        self._secret = secret
        self._replies: dict[str, Reply] = {"login": self._login, "ping": success}
        self._changed = threading.Condition()
        self.actions: list[dict[str, str]] = []
        self.raw = ""
        self.port = free_port()
        self.logins = 0

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Listen; after `close` on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and cut every connection, as a stopping Asterisk does."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut every connection."""
        with self._changed:
            cut, self._connections = self._connections, []
        for connection in cut:
            with suppress(OSError):  # the other side has gone already
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def on(self, action: str, reply: Reply) -> None:
        """Answer this action by `reply(headers)`; an empty reply is silence."""
        self._replies[action.lower()] = reply

    def send(self, text: str) -> None:
        """Send to every connection."""
        with self._changed:
            for connection in self._connections:
                connection.sendall(text.encode())

    def wait_until(self, holds: Callable[[], bool], seconds: float = 60) -> bool:
        """Wait until something about this side holds."""
        with self._changed:
            return self._changed.wait_for(holds, seconds)

    def asked(self, action: str) -> list[dict[str, str]]:
        """The actions of that name so far."""
        return [headers for headers in self.actions if headers["Action"].lower() == action.lower()]

    def _login(self, action: dict[str, str]) -> str:
        if action.get("Secret") != self._secret:
            return packet(Response="Error", ActionID=action["ActionID"], Message="Authentication failed")
        self.logins += 1
        return packet(Response="Success", ActionID=action["ActionID"], Message="Authentication accepted")

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._changed:
            self._connections.append(connection)
        with connection, suppress(OSError):  # also one that came in while the others were cut
            connection.sendall(self._greeting.encode())
            buffer = ""
            while received := connection.recv(4096).decode():
                buffer += received
                while "\r\n\r\n" in buffer:
                    text, buffer = buffer.split("\r\n\r\n", 1)
                    self._answer(connection, text)
        with self._changed:
            if connection in self._connections:
                self._connections.remove(connection)

    def _answer(self, connection: socket.socket, text: str) -> None:
        headers: dict[str, str] = {}
        for line in text.split("\r\n"):
            key, value = line.split(": ", 1)
            headers[key] = f"{headers[key]}\n{value}" if key in headers else value
        reply = self._replies.get(headers["Action"].lower(), success)(headers)
        with self._changed:
            self.raw += text
            self.actions.append(headers)
            self._changed.notify_all()
            if reply:
                connection.sendall(reply.encode())
