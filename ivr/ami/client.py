"""One connection to Asterisk's manager interface. The only module that imports `asterisk.ami`.

asterisk-ami 0.1.7 frames and parses the packets. `_Wire` mends what would lose them: its reader dies after
three silent seconds or at a listener's error, half-sent actions mix, values with line breaks inject
headers, answers that never come stay in memory for ever.
"""

import itertools
import re
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import structlog
from asterisk.ami import Action, AMIClient, Event, Response

_log = structlog.get_logger(__name__)
_LINE_BREAK = re.compile(r"[\r\n]")
# str.splitlines(), by which the package cuts packets into headers, breaks lines at these too: a caller's
# name that holds one would become a header of its own.
_UNUSUAL_BREAKS = str.maketrans(dict.fromkeys("\v\f\x1c\x1d\x1e\x85\u2028\u2029\x00", " "))
_SECONDS = re.compile(r"\d{9,11}(\.\d{1,9})?")
_LONGEST_LIST = 20_000

Headers = Mapping[str, str]


class AmiError(Exception):
    """The manager interface did not do what was asked. Messages hold no personal data."""


class AmiLost(AmiError):
    """There is no connection, or it broke before the answer came."""


class AmiTimeout(AmiError):
    """No answer in time; a late one is thrown away."""


class AmiRefused(AmiError):
    """Asterisk answered `Response: Error`; `reason` is its message."""

    def __init__(self, action: str, reason: str) -> None:
        super().__init__(f"{action} refused")
        self.reason = reason


class UnsafeHeader(AmiError, ValueError):
    """A header or variable holds a line break, which would start a header of somebody else's choice."""


@dataclass(frozen=True)
class Account:
    """Where the manager interface listens, and who we are there."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Timings:
    """Seconds."""

    connect: float = 3.0
    answer: float = 5.0
    ping_every: float = 1.0
    """Asterisk 22 may sleep on the last event of a burst until something else happens: the signal that should
    wake its writer is lost if it comes just before the writer's poll()."""
    first_backoff: float = 0.25
    longest_backoff: float = 10.0


@dataclass(frozen=True)
class Packet:
    """An event or an answer as it came: its name (or the answer's status) and its headers."""

    name: str
    headers: Headers = field(repr=False)

    def get(self, header: str) -> str:
        """A header's value, or an empty string."""
        return self.headers.get(header, "")

    @property
    def at(self) -> datetime | None:
        """When Asterisk sent it; None where it does not say so."""
        seconds = self.get("Timestamp")
        if not _SECONDS.fullmatch(seconds):
            return None
        return datetime.fromtimestamp(float(seconds), UTC)


class _Answer:
    """What one action waits for: its response, and the events of its list if it has one."""

    def __init__(self, wants_list: bool) -> None:
        self.response: Packet | None = None
        self.entries: list[Packet] = []
        self.done = threading.Event()
        self._wants_list = wants_list

    def respond(self, response: Packet) -> None:
        self.response = response
        if not self._wants_list or response.name.lower() == "error":
            self.done.set()

    def add(self, entry: Packet) -> None:
        if entry.get("EventList").lower() in ("complete", "cancelled"):
            self.done.set()
        elif len(self.entries) < _LONGEST_LIST:
            self.entries.append(entry)


class _Wire(AMIClient):  # type: ignore[misc]  # asterisk-ami has no types
    """asterisk-ami's client with its socket, reader and futures made robust."""

    def __init__(self, account: Account, timings: Timings, on_event: Callable[[Packet], None]) -> None:
        super().__init__(address=account.host, port=account.port, timeout=timings.connect)
        self.finished = threading.Event()
        self.greeted = threading.Event()
        self._on_event = on_event
        self._answers: dict[str, _Answer] = {}
        self._sending = threading.Lock()
        self._ids = itertools.count(1)

    def connect(self) -> None:
        """Open the socket and start the reader. Raises `AmiLost`."""
        try:
            self._socket = socket.create_connection((self._address, self._port), self._timeout)
        except OSError as error:
            self.finished.set()
            raise AmiLost(type(error).__name__) from error
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._thread = threading.Thread(target=self.listen, name="ami-reader", daemon=True)
        self._thread.start()
        if not self.greeted.wait(self._timeout) or self.finished.is_set():
            self.close()
            raise AmiLost("no greeting")

    def listen(self) -> None:
        """The reader thread: greeting, then packets until the connection ends. It only hands them on."""
        try:
            packs = self._next_pack()
            if self.asterisk_start_regex.match(next(packs, "")):
                self._socket.settimeout(None)
                self.greeted.set()
                for pack in packs:
                    self.fire_recv_pack(pack)
        except OSError as error:
            if not self.finished.is_set():  # else it is we who closed it
                _log.info("ami.connection_broke", error=type(error).__name__)
        finally:
            self.close()

    def fire_recv_pack(self, pack: str) -> None:
        # Some events of Asterisk (TestEvent of MixMonitor) end with one line break too many, which would hide
        # the event that follows.
        pack = pack.lstrip("\r\n")
        try:
            if Event.match(pack):
                self.fire_recv_event(Event.read(pack))
            elif Response.match(pack):
                self.fire_recv_reponse(Response.read(pack))
        except Exception as error:  # noqa: BLE001  a listener's fault must not end the reading
            _log.error("ami.packet_dropped", error=type(error).__name__)

    def fire_recv_event(self, event: Event) -> None:
        packet = Packet(event.name, {k: v for k, v in event.keys.items() if isinstance(v, str)})
        answer = self._answers.get(packet.get("ActionID"))
        if answer is not None:
            answer.add(packet)
        self._on_event(packet)

    def fire_recv_reponse(self, response: Response) -> None:
        answer = self._answers.get(response.keys.get("ActionID", ""))
        if answer is not None:
            answer.respond(Packet(response.status, response.keys))

    def ask(self, action: Action, wants_list: bool, seconds: float) -> _Answer:
        """Send an action and wait. Raises `AmiLost` or `AmiTimeout`."""
        action_id = str(action.keys.setdefault("ActionID", f"minsheng-{next(self._ids)}"))
        answer = self._answers[action_id] = _Answer(wants_list)
        try:
            self.send(action)
            if not answer.done.wait(seconds):
                raise AmiTimeout(action.name)
        finally:
            self._answers.pop(action_id, None)
        if answer.response is None:
            raise AmiLost("connection closed before the answer")
        return answer

    def send(self, pack: Action) -> None:
        raw = f"{pack}\r\n".encode(self.encoding)
        if self.finished.is_set():
            raise AmiLost("not connected")
        try:
            with self._sending:
                self._socket.sendall(raw)
        except OSError as error:
            self.close()
            raise AmiLost(type(error).__name__) from error

    def close(self) -> None:
        """End the connection; whoever waits for an answer learns it at once. May be called twice."""
        self.finished.set()
        self.greeted.set()
        for answer in list(self._answers.values()):
            answer.done.set()
        with suppress(OSError):  # the other side may have closed first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _decode_pack(self, pack: bytes) -> str:
        text: str = super()._decode_pack(pack)
        return text.translate(_UNUSUAL_BREAKS)


class AmiConnection:
    """One login, from `with` to its end. Actions may be asked from any thread."""

    def __init__(
        self,
        account: Account,
        timings: Timings | None = None,
        on_event: Callable[[Packet], None] | None = None,
    ) -> None:
        """Without `on_event` Asterisk is asked to send no events but those that answer an action.

        `on_event` runs on the reader thread, so it may only enqueue.
        """
        self._account = account
        self._timings = timings or Timings()
        self._events = "on" if on_event else "off"
        self._wire = _Wire(account, self._timings, on_event or _ignore)

    def __enter__(self) -> Self:
        """Connect and log in. Raises `AmiError`."""
        self._wire.connect()
        try:
            self.ask(
                "Login",
                {
                    "Username": self._account.username,
                    "Secret": self._account.secret,
                    "Events": self._events,
                },
            )
        except AmiError:
            self._wire.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    def ask(self, action: str, headers: Headers | None = None, variables: Headers | None = None) -> Packet:
        """Send an action and return Asterisk's answer. Raises `AmiError`."""
        return self._converse(action, headers or {}, variables or {}, wants_list=False)[0]

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        """Send an action that answers with a list of events, and return these. Raises `AmiError`."""
        return self._converse(action, headers or {}, {}, wants_list=True)[1]

    def wait_closed(self, seconds: float) -> bool:
        """Wait until the connection has ended, at most so long; True if it has."""
        return self._wire.finished.wait(seconds)

    def _converse(
        self, action: str, headers: Headers, variables: Headers, wants_list: bool
    ) -> tuple[Packet, list[Packet]]:
        for text in (action, *headers, *headers.values(), *variables, *variables.values()):
            if _LINE_BREAK.search(text):
                raise UnsafeHeader(f"{action}: line break in a header")
        packet = Action(action, dict(headers), dict(variables))
        answer = self._wire.ask(packet, wants_list, self._timings.answer)
        assert answer.response is not None  # noqa: S101  ask() has seen to it
        if answer.response.name.lower() == "error":
            raise AmiRefused(action, answer.response.get("Message"))
        return answer.response, answer.entries


def _ignore(_packet: Packet) -> None:
    """Nobody listens to events on this connection."""
