"""Where Asterisk hands over the telephone network's calls: each is played by its script, in a thread."""

import itertools
import socketserver
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from pathlib import Path

from ivr.network.calls import CallFailed, EndedBy, NetworkCall, wait_until_closed
from ivr.network.line import Conversation, Line, LineDead, Script

_LINES_AT_ONCE = 256


@dataclass(frozen=True)
class Planned:
    """A call that is to come, and what will be done on it."""

    call: NetworkCall
    script: Script


class Exchange(socketserver.ThreadingTCPServer):
    """Knows who is expected to be called, or to be connected, and plays their scripts."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = _LINES_AT_ONCE

    def __init__(self, folder: Path) -> None:
        """`folder` receives one folder a call."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._folder = folder
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._placed: dict[str, Planned] = {}
        self._expected: dict[str, deque[Planned]] = defaultdict(deque)
        self._standing: dict[str, tuple[Script, list[NetworkCall]]] = {}

    @property
    def port(self) -> int:
        """TCP port of the scripts."""
        return int(self.server_address[1])

    def place(self, number: str, script: Script) -> tuple[str, NetworkCall]:
        """A call that we dial: its name for Asterisk, and its handle."""
        planned = Planned(self._new_call(number), script)
        with self._lock:
            self._placed[planned.call.folder.name] = planned
        return planned.call.folder.name, planned.call

    def expect(self, number: str, script: Script) -> NetworkCall:
        """The next call to `number` will be played by `script`."""
        planned = Planned(self._new_call(number), script)
        with self._lock:
            self._expected[number].append(planned)
        return planned.call

    def answer_always(self, number: str, script: Script) -> list[NetworkCall]:
        """Every call to `number` will be played by `script`; the list returned grows by one handle a call."""
        calls: list[NetworkCall] = []
        with self._lock:
            self._standing[number] = (script, calls)
        return calls

    def take(self, environment: dict[str, str]) -> Planned | None:
        """What was planned for the call that Asterisk hands over, or None."""
        number = environment.get("agi_extension", "")
        with self._lock:
            if name := environment.get("agi_arg_1"):
                return self._placed.pop(name, None)
            if self._expected[number]:
                return self._expected[number].popleft()
        if number in self._standing:
            script, calls = self._standing[number]
            calls.append(self._new_call(number))
            return Planned(calls[-1], script)
        return None

    def _new_call(self, number: str) -> NetworkCall:
        folder = self._folder / f"{next(self._numbers):04d}"
        folder.mkdir(parents=True, mode=0o700)
        return NetworkCall(number, folder)


class _Handler(socketserver.BaseRequestHandler):
    server: Exchange

    def handle(self) -> None:
        conversation = Conversation(self.request)
        planned = self.server.take(conversation.environment)
        if planned is not None:
            play(planned, conversation)


def play(planned: Planned, conversation: Conversation) -> None:
    """Follow the script to its end; whatever happens, the handle says how the call ended."""
    call = planned.call
    line = Line(conversation, call)
    call.began.set()
    try:
        planned.script(line)
        line.hang_up()
        call.ended_by = EndedBy.US
    except LineDead:
        call.ended_by = call.ended_by or EndedBy.THEM
    except (CallFailed, OSError, ValueError) as error:
        call.error = error
    finally:
        conversation.close()  # Asterisk keeps the line, and its recordings, until we let go
        _close(call)


def _close(call: NetworkCall) -> None:
    try:
        wait_until_closed(call)
    except CallFailed as error:
        call.error = call.error or error
    call.ended.set()
