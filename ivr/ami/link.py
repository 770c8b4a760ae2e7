"""A connection that comes back: it pings, notices its loss, and logs in again with a growing pause."""

import threading
from collections.abc import Callable
from typing import Protocol

import structlog

from ivr.ami.client import Account, AmiConnection, AmiError, AmiLost, Headers, Packet, Timings

_log = structlog.get_logger(__name__)


class Asks(Protocol):
    """Somebody who can ask Asterisk for something: one connection, or the link that keeps one."""

    def ask(
        self, action: str, headers: Headers | None = None, variables: Headers | None = None
    ) -> Packet: ...

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]: ...


class AmiLink:
    """Keeps one login alive in a thread of its own, through silence and restarts of Asterisk."""

    def __init__(
        self,
        account: Account,
        on_event: Callable[[Packet], None],
        on_connected: Callable[[], None],
        timings: Timings | None = None,
    ) -> None:
        """`on_event` runs on the reader thread, `on_connected` after every login: both may only enqueue."""
        self._account = account
        self._on_event = on_event
        self._on_connected = on_connected
        self._timings = timings or Timings()
        self._connection: AmiConnection | None = None
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_connected, name="ami-link", daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Close the connection and end the thread."""
        self._stop.set()
        with self._changed:
            connection = self._connection
        if connection is not None:
            connection.__exit__(None, None, None)
        self._thread.join()

    def wait_connected(self, seconds: float) -> bool:
        """Wait for a login, at most so long; True if there is one."""
        with self._changed:
            return self._changed.wait_for(lambda: self._connection is not None, seconds)

    def ask(self, action: str, headers: Headers | None = None, variables: Headers | None = None) -> Packet:
        """As `AmiConnection.ask`; raises `AmiLost` while there is no connection."""
        return self._current().ask(action, headers, variables)

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        """As `AmiConnection.ask_list`; raises `AmiLost` while there is no connection."""
        return self._current().ask_list(action, headers)

    def _current(self) -> AmiConnection:
        with self._changed:
            if self._connection is None:
                raise AmiLost("not connected")
            return self._connection

    def _keep_connected(self) -> None:
        pause = self._timings.first_backoff
        while not self._stop.is_set():
            try:
                with AmiConnection(self._account, self._timings, self._on_event) as connection:
                    pause = self._timings.first_backoff
                    self._hold(connection)
            except AmiError as error:
                _log.warning("ami.not_connected", error=type(error).__name__, again_in_seconds=pause)
            self._stop.wait(pause)
            pause = min(2 * pause, self._timings.longest_backoff)

    def _hold(self, connection: AmiConnection) -> None:
        """Ping until the connection ends. Raises `AmiError` when a ping is not answered."""
        _log.info("ami.connected")
        self._announce(connection)
        try:
            while not self._stop.is_set() and not connection.wait_closed(self._timings.ping_every):
                connection.ask("Ping")
        finally:
            self._announce(None)
        if not self._stop.is_set():
            raise AmiLost("connection ended")

    def _announce(self, connection: AmiConnection | None) -> None:
        with self._changed:
            self._connection = connection
            self._changed.notify_all()
        if connection is not None:
            self._on_connected()
