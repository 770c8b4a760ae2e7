"""Lines from a socket whose peer is not trusted: bounded in length, number of bytes a read, and time."""

import re
import socket
import time

from ivr.agi.script import CallerHungUp, CommandRefused, DeadChannel, PeerLost, ProtocolJunk

HANG_UP_NOTICE = "HANGUP"
DEAD_CHANNEL_CODE = "511"
WRONG_USE_CODE = "520"
_ANSWER = re.compile(r"^\d{3}([ -]|$)")
_READ_BYTES = 4096


class BoundedLines:
    """Reads one line at a time. `allow(seconds)` gives the peer that long for all that follows."""

    def __init__(self, connection: socket.socket, longest_line: int) -> None:
        """`longest_line` is in bytes, line end included."""
        self._connection = connection
        self._longest_line = longest_line
        self._pending = bytearray()
        self._due = time.monotonic()

    def allow(self, seconds: float) -> None:
        """Start the clock again: lines asked for from now on must be complete within `seconds`."""
        self._due = time.monotonic() + seconds

    def line(self) -> str:
        """Return the next line without its end. Raises `PeerLost` or `ProtocolJunk`."""
        while (end := self._pending.find(b"\n")) < 0:
            if len(self._pending) >= self._longest_line:
                raise ProtocolJunk("line too long")
            self._pending += self._receive()
        if end >= self._longest_line:
            raise ProtocolJunk("line too long")
        raw = bytes(self._pending[:end])
        del self._pending[: end + 1]
        return raw.decode("utf-8", errors="replace").rstrip("\r")

    def readline(self) -> str:
        """Return the next line of an answer, as pyst2 wants it.

        Raises `CallerHungUp` for Asterisk's unasked notice, `DeadChannel` for its refusal on a channel
        that is gone, `CommandRefused` for a wrong use, `ProtocolJunk` for anything that has no answer code.
        """
        line = self.line()
        if line.strip() == HANG_UP_NOTICE:
            raise CallerHungUp("hang-up notice")
        if line.startswith(DEAD_CHANNEL_CODE):
            raise DeadChannel("command on a dead channel")
        if line.startswith(WRONG_USE_CODE):
            raise CommandRefused("wrong use of a command")
        if not _ANSWER.match(line):
            raise ProtocolJunk("answer without a code")
        return line

    def _receive(self) -> bytes:
        left = self._due - time.monotonic()
        if left <= 0:
            raise PeerLost("silent for too long")
        try:
            self._connection.settimeout(left)
            received = self._connection.recv(_READ_BYTES)
        except OSError as error:
            raise PeerLost(type(error).__name__) from error
        if not received:
            raise PeerLost("connection closed")
        return received
