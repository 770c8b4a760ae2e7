"""Connections that bring sound, and those that bring something else: on a real socket."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from uuid import UUID, uuid4

import pytest

from ivr.live import audio
from ivr.live.audio import AudioServer
from tests.ports import free_port
from tests.waiting import until

LOOPBACK = (IPv4Network("127.0.0.1/32"),)
_PATIENCE = 30.0
"""Seconds; less than a connection has for its identity where its silence is no matter."""


class Ear:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.sound = b""
        self.is_over = False
        self.hang_up: Callable[[], None] | None = None

    def feed(self, samples: bytes) -> None:
        self.sound += samples

    def hung_up(self) -> None:
        self.is_over = True


class Port:
    """A server in a loop of its own, and who is expected."""

    def __init__(self, networks: tuple[IPv4Network, ...] = LOOPBACK, identity_seconds: float = 60) -> None:
        self.number = free_port()
        self.expected: dict[UUID, Ear] = {}
        self._loop = asyncio.new_event_loop()
        self._server = AudioServer(self._claim, networks, identity_seconds)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.start("127.0.0.1", self.number), self._loop).result(60)

    def _claim(self, identity: UUID, hang_up: Callable[[], None]) -> Ear | None:
        ear = self.expected.pop(identity, None)
        if ear is not None:
            ear.hang_up = hang_up
        return ear

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.number), _PATIENCE)

    def expects(self) -> tuple[UUID, Ear]:
        identity, ear = uuid4(), Ear()
        self.expected[identity] = ear
        return identity, ear

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def port() -> Iterator[Port]:
    made = Port()
    yield made
    made.close()


@pytest.fixture
def impatient() -> Iterator[Port]:
    """As in the product: who says nothing is soon let go of."""
    made = Port(identity_seconds=audio.IDENTITY_SECONDS)
    yield made
    made.close()


def frame(kind: int, content: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack(">BH", kind, len(content) if length is None else length) + content


def is_dropped(connection: socket.socket) -> bool:
    """Whether the other side ends it; fails after `_PATIENCE`."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_sound_comes_in_whatever_pieces(port: Port) -> None:
    identity, ear = port.expects()
    sound = bytes(range(256)) * 5
    content = frame(audio.IDENTITY, identity.bytes) + b"".join(
        frame(audio.AUDIO, sound[start : start + 320]) for start in range(0, len(sound), 320)
    )
    with port.connect() as connection:
        for start in range(0, len(content), 7):
            connection.sendall(content[start : start + 7])
        until(lambda: ear.sound == sound, what="all sound")
        connection.sendall(frame(audio.KEY, b"5"))  # a key is no sound, and no fault
        connection.sendall(frame(audio.AUDIO, sound[:320]))
        until(lambda: len(ear.sound) == len(sound) + 320, what="sound after the key")
        connection.sendall(frame(audio.HANG_UP))
        assert is_dropped(connection)
    until(lambda: ear.is_over, what="the end")


def test_we_can_end_it(port: Port) -> None:
    identity, ear = port.expects()
    with port.connect() as connection:
        connection.sendall(frame(audio.IDENTITY, identity.bytes))
        until(lambda: ear.hang_up, what="the line")
        assert ear.hang_up is not None
        ear.hang_up()
        assert is_dropped(connection)
    until(lambda: ear.is_over, what="the end")


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        frame(audio.AUDIO, b"\0" * 320),
        frame(audio.IDENTITY, b"short"),
        frame(audio.IDENTITY, uuid4().bytes),
        frame(audio.HANG_UP),
        b"\xff" * 4096,
    ],
    ids=["http", "sound before a name", "short name", "unknown name", "goodbye", "garbage"],
)
def test_who_does_not_say_a_name_that_we_wait_for_is_let_go_of(port: Port, said: bytes) -> None:
    _, ear = port.expects()
    with port.connect() as connection:
        connection.sendall(said)
        assert is_dropped(connection)
    assert ear.sound == b""
    assert len(port.expected) == 1


def test_a_name_is_good_once(port: Port) -> None:
    identity, ear = port.expects()
    with port.connect() as first, port.connect() as second:
        first.sendall(frame(audio.IDENTITY, identity.bytes))
        until(lambda: ear.hang_up, what="the line")
        second.sendall(frame(audio.IDENTITY, identity.bytes))
        assert is_dropped(second)
        first.sendall(frame(audio.AUDIO, b"\1\0"))
        until(lambda: ear.sound == b"\1\0", what="the first to be heard still")


@pytest.mark.parametrize(
    "odd",
    [frame(audio.AUDIO, length=audio.LARGEST_FRAME_BYTES + 2), frame(0xFF, b"\1"), frame(audio.AUDIO, b"\1")],
    ids=["oversized", "Asterisk's error", "half a sample"],
)
def test_a_line_that_says_something_odd_ends(port: Port, odd: bytes) -> None:
    identity, ear = port.expects()
    with port.connect() as connection:
        connection.sendall(frame(audio.IDENTITY, identity.bytes) + odd)
        assert is_dropped(connection)
    until(lambda: ear.is_over, what="the end")
    assert ear.sound == b""


def test_whoever_says_nothing_is_let_go_of(impatient: Port) -> None:
    with impatient.connect() as connection:
        assert is_dropped(connection)


def test_one_too_many_who_say_nothing_is_let_go_of_at_once(port: Port) -> None:
    silent = [port.connect() for _ in range(audio.MOST_UNKNOWN)]
    with port.connect() as one_too_many:
        assert is_dropped(one_too_many)
    for connection in silent:
        connection.close()


def test_many_who_say_nothing_do_not_keep_others_out(impatient: Port) -> None:
    identity, ear = impatient.expects()
    silent = [impatient.connect() for _ in range(audio.MOST_UNKNOWN)]
    for connection in silent:
        assert is_dropped(connection)
        connection.close()
    with impatient.connect() as connection:
        connection.sendall(frame(audio.IDENTITY, identity.bytes))
        until(lambda: ear.hang_up, what="the line")


def test_strangers_are_refused() -> None:
    port = Port((IPv4Network("10.1.0.0/16"),))
    identity, ear = port.expects()
    with port.connect() as connection:
        try:
            connection.sendall(frame(audio.IDENTITY, identity.bytes))
            assert is_dropped(connection)
        except ConnectionError:
            assert True
    assert ear.hang_up is None
    port.close()
