"""Unit tests stay on this machine: whoever reaches for the network fails."""

import sys
from collections.abc import Iterator

import pytest

_watching = False
_PLACE_OF_ADDRESS = {"socket.connect": 1, "socket.sendto": 1, "socket.bind": 1, "socket.getaddrinfo": 0}


class NetworkTouched(RuntimeError):
    """A unit test wanted to talk to, or be reached from, another machine."""


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching or event not in _PLACE_OF_ADDRESS:
        return
    address = arguments[_PLACE_OF_ADDRESS[event]]
    host = address[0] if isinstance(address, tuple) else address
    is_socket_file = event != "socket.getaddrinfo" and not isinstance(address, tuple)
    if not is_socket_file and not str(host).startswith(("127.", "::1", "localhost")):
        raise NetworkTouched(f"{event} {address!r}")


sys.addaudithook(_refuse_network)


@pytest.fixture(autouse=True)
def _stays_on_this_machine() -> Iterator[None]:
    global _watching  # an audit hook cannot be removed, only switched off
    _watching = True
    yield
    _watching = False
