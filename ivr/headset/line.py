"""The headset's line: a WebSocket to Asterisk that carries 8 kHz sound both ways and a few words.

https://docs.asterisk.org/ (WebSocket channel driver): binary messages are sound, text messages are words
such as `DTMF_END digit:1 channel_id:...` from Asterisk and `FLUSH_MEDIA` to it.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from types import TracebackType
from typing import Final, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

RINGS: Final = "1"
CALLED: Final = "2"
"""As `RINGS`, and to be picked up at once: a supervisor has asked for this call with a button."""
OVER: Final = "0"
_KEY: Final = "DTMF_END digit:"
_STOP, _GO = "MEDIA_XOFF", "MEDIA_XON"
_CONNECT_SECONDS = 5.0
_PING_SECONDS = 2.0
"""A line that does not answer for so long is dead, whatever the network says."""
_WAITING_FRAMES = 25
_LOOK_SECONDS = 0.5


class LineGone(Exception):
    """The line could not be had, or broke."""


class Line:
    """One connection, for the length of a `with` block."""

    def __init__(self, url: str, on_sound: Callable[[bytes], None], on_key: Callable[[str], None]) -> None:
        """Both callbacks run on the line's own thread and must not wait."""
        self._url, self._on_sound, self._on_key = url, on_sound, on_key
        self._outgoing: queue.Queue[bytes | str] = queue.Queue(_WAITING_FRAMES)
        self._may_send = threading.Event()
        self._closed = threading.Event()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Connect. Raises `LineGone`."""
        try:
            connection = self._open.enter_context(self._connect())
        except (OSError, WebSocketException) as error:
            raise LineGone(type(error).__name__) from error
        self._may_send.set()
        for work in (self._receive, self._send):
            threading.Thread(
                target=work, args=(connection,), name=f"line{work.__name__}", daemon=True
            ).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._open.close()

    def _connect(self) -> AbstractContextManager[ClientConnection]:
        return connect(
            self._url,
            subprotocols=["media"],  # type: ignore[list-item]  # a NewType of str
            compression=None,
            open_timeout=_CONNECT_SECONDS,
            ping_interval=_PING_SECONDS,
            ping_timeout=_PING_SECONDS,
            close_timeout=1,
            proxy=None,
        )

    @property
    def is_gone(self) -> bool:
        """Whether the line broke or was closed."""
        return self._closed.is_set()

    def wait_gone(self, seconds: float) -> bool:
        """Wait until the line breaks, at most so long; True if it did."""
        return self._closed.wait(seconds)

    def say(self, frame: bytes) -> None:
        """Send a frame; it is dropped where the network is behind. Never waits."""
        if self._may_send.is_set():
            self._put(frame)

    def forget_the_past(self) -> None:
        """Let Asterisk drop what it has not played yet: the talk begins now."""
        self._put("FLUSH_MEDIA")

    def _put(self, message: bytes | str) -> None:
        try:
            self._outgoing.put_nowait(message)
        except queue.Full:
            return

    def _receive(self, connection: ClientConnection) -> None:
        try:
            for message in connection:
                if isinstance(message, str):
                    self._hear_word(message)
                else:
                    self._on_sound(message)
        except (OSError, WebSocketException):
            return
        finally:
            self._closed.set()

    def _hear_word(self, word: str) -> None:
        if word.startswith(_KEY):
            self._on_key(word.removeprefix(_KEY)[:1])
        elif word.startswith(_STOP):
            self._may_send.clear()
        elif word.startswith(_GO):
            self._may_send.set()

    def _send(self, connection: ClientConnection) -> None:
        try:
            while not self._closed.is_set():
                with suppress(queue.Empty):
                    connection.send(self._outgoing.get(timeout=_LOOK_SECONDS))
        except (OSError, WebSocketException):
            self._closed.set()
