"""Takes the sound that Asterisk's AudioSocket channels bring, one connection a speaker.

A connection has to say at once which of the lines it is that we asked for: an identity made for this line
alone, good once. Whoever says another one, says something else, or too much at a time, is let go of.
Protocol: kind (1 byte), length (2 bytes, big-endian), content; https://docs.asterisk.org/ (AudioSocket).
"""

import asyncio
from collections.abc import Callable, Collection
from ipaddress import IPv4Network, ip_address
from typing import Protocol
from uuid import UUID

import structlog

HANG_UP, IDENTITY, KEY, AUDIO = 0x00, 0x01, 0x03, 0x10
HEADER_BYTES = 3
IDENTITY_BYTES = 16
LARGEST_FRAME_BYTES = 3200
"""200 ms; Asterisk sends 20 at a time."""
IDENTITY_SECONDS = 3.0
MOST_UNKNOWN = 32
"""Connections that have not said yet who they are."""

_log = structlog.get_logger(__name__)


class Ear(Protocol):
    """Who takes the sound of one line. Both are called on the loop's thread and return at once."""

    def feed(self, samples: bytes) -> None:
        """The next sound: 8 kHz, 16 bits, mono."""
        ...

    def hung_up(self) -> None:
        """There will be no more."""
        ...


Claim = Callable[[UUID, Callable[[], None]], Ear | None]
"""Gives the ear of an identity, once, and None for one that nobody waits for. The second argument, which may
be called from any thread, ends the connection."""


class AudioServer:
    """Listens on one port; `networks` are those that our own machines are in."""

    def __init__(
        self,
        claim: Claim,
        networks: Collection[IPv4Network],
        identity_seconds: float = IDENTITY_SECONDS,
    ) -> None:
        """`identity_seconds`: how long a connection may keep to itself who it is."""
        self.identity_seconds = identity_seconds
        self._claim = claim
        self._networks = networks
        self._unknown: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Begin to listen. Raises `OSError` where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port)

    async def stop(self) -> None:
        """Close the port; connections end with the loop."""
        if self._server is not None:
            self._server.close()

    def admits(self, connection: "_Connection", address: str) -> bool:
        """Whether somebody who connects from there may go on."""
        ours = any(ip_address(address) in network for network in self._networks)
        if not ours or len(self._unknown) >= MOST_UNKNOWN:
            _log.warning("live.connection_refused", ours=ours)
            return False
        self._unknown.add(connection)
        return True

    def known(self, connection: "_Connection", identity: UUID, hang_up: Callable[[], None]) -> Ear | None:
        """The ear for this identity, or None."""
        self._unknown.discard(connection)
        return self._claim(identity, hang_up)

    def forget(self, connection: "_Connection") -> None:
        """It has gone."""
        self._unknown.discard(connection)


class _Connection(asyncio.Protocol):
    """One connection: cuts what comes into frames, whatever pieces it comes in."""

    def __init__(self, server: AudioServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._ear: Ear | None = None
        self._rest = bytearray()
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  for the type checker
        self._transport = transport
        if not self._server.admits(self, transport.get_extra_info("peername")[0]):
            transport.abort()
            return
        self._patience = self._loop.call_later(self._server.identity_seconds, self._drop, "silent")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while self._transport is not None and not self._transport.is_closing():
            if len(self._rest) < HEADER_BYTES:
                break
            kind, length = self._rest[0], int.from_bytes(self._rest[1:HEADER_BYTES], "big")
            if length > LARGEST_FRAME_BYTES:
                self._drop("oversized")
                break
            if len(self._rest) < HEADER_BYTES + length:
                break
            content = bytes(self._rest[HEADER_BYTES : HEADER_BYTES + length])
            del self._rest[: HEADER_BYTES + length]
            self._take(kind, content)

    def connection_lost(self, error: Exception | None) -> None:
        self._server.forget(self)
        if self._patience is not None:
            self._patience.cancel()
        ear, self._ear, self._transport = self._ear, None, None
        if ear is not None:
            ear.hung_up()

    def _take(self, kind: int, content: bytes) -> None:
        if self._ear is None:
            self._introduce(kind, content)
        elif kind == AUDIO and len(content) % 2 == 0:
            self._ear.feed(content)
        elif kind == HANG_UP:
            self._close()
        elif kind != KEY:
            self._drop("odd")

    def _introduce(self, kind: int, content: bytes) -> None:
        if kind != IDENTITY or len(content) != IDENTITY_BYTES:
            self._drop("no identity")
            return
        if self._patience is not None:
            self._patience.cancel()
        self._ear = self._server.known(self, UUID(bytes=content), self._hang_up)
        if self._ear is None:
            self._drop("unknown")

    def _drop(self, reason: str) -> None:
        _log.warning("live.connection_dropped", reason=reason)
        self._close()

    def _hang_up(self) -> None:
        """From any thread. Asterisk's channel ends with its connection."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
