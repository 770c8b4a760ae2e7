"""FastAGI server: one thread a call, around pyst2's AGI. The only module that imports `asterisk.agi`.

pyst2 0.5.1 installs a signal handler, prints every variable of the call (the caller's number too) and
escapes nothing. `FastAgiCall` keeps its commands and replaces these three.
"""

import re
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from asterisk.agi import AGI, AGIAppError, AGIError, AGIInvalidCommand

from ivr.agi.lines import BoundedLines
from ivr.agi.script import AgiError, CallerHungUp, CommandRefused, PeerLost, ProtocolJunk, Script

_log = structlog.get_logger(__name__)
_PROMPT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_/-]*")
_KEYS = re.compile(r"[0-9*#]*")
_ASTERISK_LINE_BYTES = 2048
_SILENT_TONE = "0/1000"
TURN_SECONDS = 0.0002
"""How long a thread may compute while others wait, in a process that serves scripts. Python's own choice is
5 ms: so long would every answer of Asterisk wait while another thread reads events or settles a call."""
_LINE_BREAKS = re.compile(r"[\r\n\x00]+")


@dataclass(frozen=True)
class Limits:
    """What one peer may cost us. Times are seconds, sizes bytes."""

    header_seconds: float = 5.0
    header_lines: int = 96
    answer_seconds: float = 90.0
    line_bytes: int = 8192
    calls_at_once: int = 1000
    backlog: int = 512
    stop_seconds: float = 5.0


class _TextWriter:
    """Takes pyst2's text and sends it to the socket as UTF-8."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def write(self, text: str) -> None:
        raw = text.encode("utf-8", errors="replace")
        if len(raw) >= _ASTERISK_LINE_BYTES:
            raise ValueError("command longer than Asterisk reads in one piece")
        try:
            self._connection.sendall(raw)
        except OSError as error:
            raise PeerLost(type(error).__name__) from error

    def flush(self) -> None:
        """Nothing is held back."""


class _Silence:
    """Where pyst2's diagnostics go: they hold the caller's number."""

    def write(self, text: str) -> None:
        """Drop it."""


class FastAgiCall(AGI):  # type: ignore[misc]  # pyst2 has no types
    """One call over one socket; implements `ivr.agi.script.AgiCall`."""

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        """Read the header. Raises `PeerLost` or `ProtocolJunk` if none comes."""
        self._limits = limits
        self.stdin = BoundedLines(connection, limits.line_bytes)
        self.stdout = _TextWriter(connection)
        self.stderr = _Silence()
        self._got_sighup = False
        self.env: dict[str, str] = {}
        self._get_agi_env()

    @property
    def script_name(self) -> str:
        """Path of the address that the dialplan called, without its query."""
        return self.env.get("agi_network_script", "").partition("?")[0].strip("/")

    @property
    def arguments(self) -> tuple[str, ...]:
        numbered = (self.env.get(f"agi_arg_{place}") for place in range(1, self._limits.header_lines))
        return tuple(argument for argument in numbered if argument is not None)

    def read_variable(self, expression: str) -> str:
        return str(self.get_full_variable(expression if "${" in expression else f"${{{expression}}}"))

    def write_variable(self, name: str, value: str) -> None:
        self.set_variable(name, value)

    def play(self, prompt: str, interrupted_by: str = "") -> str:
        if not _PROMPT_NAME.fullmatch(prompt) or not _KEYS.fullmatch(interrupted_by):
            raise ValueError("not the name of a prompt, or not keys")
        return str(self.stream_file(prompt, interrupted_by))

    def wait_for_digit(self, milliseconds: int) -> str:
        # Asterisk would send nothing meanwhile, and trunks hang up on lines that fall silent.
        self.execute("EXEC", "Playtones", self._quote(_SILENT_TONE))
        return str(super().wait_for_digit(int(milliseconds)))

    def record(self, file: str, ended_by: str, milliseconds: int, silent_seconds: int) -> str:
        name, dot, kind = file.rpartition(".")
        if not dot or kind != "wav" or not _KEYS.fullmatch(ended_by):
            raise ValueError("not the path of a sound file, or not keys")
        # As in `wait_for_digit`: a trunk must not fall silent.
        self.execute("EXEC", "Playtones", self._quote(_SILENT_TONE))
        words = (kind, self._quote(ended_by), int(milliseconds), f"s={int(silent_seconds)}")
        code, ended = self.execute("RECORD FILE", self._quote(name), *words)["result"]
        # After silence the number is how many milliseconds were left, not a key.
        return chr(int(code)) if ended == "dtmf" else ""

    def execute(self, command: str, *args: object) -> Any:
        """Send one command and return pyst2's answer; pyst2's errors become ours."""
        self.stdin.allow(self._limits.answer_seconds)
        try:
            return super().execute(command, *args)
        except AGIInvalidCommand as error:
            raise CommandRefused(command) from error
        except AGIAppError as error:
            raise CallerHungUp(command) from error
        except AGIError as error:
            raise ProtocolJunk(command) from error

    def _get_agi_env(self) -> None:
        """Read `key: value` lines up to an empty one.

        The first of two equal keys counts: Asterisk sends its own facts (script, channel, uniqueid) before
        those that a caller can shape, so a line break in a caller's number cannot replace them.
        """
        self.stdin.allow(self._limits.header_seconds)
        for _ in range(self._limits.header_lines):
            line = self.stdin.line()
            if not line:
                break
            key, colon, value = line.partition(":")
            if not colon or not key.startswith("agi_"):
                raise ProtocolJunk("not an AGI header")
            self.env.setdefault(key.strip(), value.strip())
        else:
            raise ProtocolJunk("header without an end")

    def _quote(self, value: object) -> str:
        """Return `value` as one quoted argument: no quote, backslash or line break in it can end it."""
        text = _LINE_BREAKS.sub(" ", str(value))
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Connection(socketserver.BaseRequestHandler):
    server: "AgiServer"

    def handle(self) -> None:
        self.server.converse(self.request)


def take_short_turns() -> None:
    """For the whole process, see `TURN_SECONDS`; `benchmarks/agi.py` measures what it is worth."""
    sys.setswitchinterval(TURN_SECONDS)


class AgiServer(socketserver.ThreadingTCPServer):
    """Serves scripts by name. Failures are logged by class; the caller goes on in the dialplan."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], scripts: Iterable[Script], limits: Limits | None = None
    ) -> None:
        """Bind `address` (port 0: any free one). Raises `OSError` when it is taken."""
        self.limits = limits or Limits()
        self.request_queue_size = self.limits.backlog
        self._scripts = {script.name: script for script in scripts}
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        super().__init__(address, _Connection)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def calls(self) -> int:
        """How many conversations are open now."""
        with self._changed:
            return len(self._open)

    def start(self) -> None:
        """Serve in a thread of its own until `stop`."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="agi", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no new calls, let the running ones end for `stop_seconds`, then close their sockets."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        self.server_close()
        until = time.monotonic() + self.limits.stop_seconds
        with self._changed:
            self._changed.wait_for(lambda: not self._open, timeout=until - time.monotonic())
            for connection in self._open:
                with suppress(OSError):  # the other side may have closed first
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=1.0)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread, or close it at once when there are too many."""
        with self._changed:
            if len(self._open) >= self.limits.calls_at_once:
                _log.warning("agi.too_many_calls", limit=self.limits.calls_at_once)
                self.shutdown_request(request)
                return
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """socketserver would print a traceback with the peer's words in it; `converse` has logged already."""

    def converse(self, connection: socket.socket) -> None:
        """Hold one conversation from the header to its end."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = "?"
        try:
            call = FastAgiCall(connection, self.limits)
            name = call.script_name if call.script_name in self._scripts else "unknown"
            script = self._scripts.get(name)
            if script is not None:
                script.execute(call)
            else:
                _log.warning("agi.no_such_script")
        except CallerHungUp as error:
            _log.info("agi.caller_hung_up", script=name, error=type(error).__name__)
        except AgiError as error:
            _log.warning("agi.conversation_broken", script=name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  a script's fault must never cost the caller the call
            _log.error("agi.script_failed", script=name, error=type(error).__name__)
