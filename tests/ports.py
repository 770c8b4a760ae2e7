"""Free ports for what a test starts.

They lie below those that the kernel lends to outgoing connections (Linux: 32768 and up): a connection of
another test could otherwise take a port between the moment it is found free and the moment its program binds
it. For the same reason each process of a test run has a band of its own, and gives every port once before it
begins anew. Of two runs at once the second counts its bands from TEST_PORT_BAND (tests/run.sh).
"""

import os
import socket
from collections.abc import Iterator
from itertools import cycle

# Above the ports of the audio, which no test chooses (`hotline.config`, `rtp_first` and `rtp_last`).
_FIRST, _BANDS, _WIDTH = 15_000, 8, 2_000
# A player of sound takes the ports after its own too.
_STEP = 4


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM, *hosts: str) -> int:
    """A port that nobody holds on any of these addresses, 127.0.0.1 if none is named."""
    for _ in range(_WIDTH // _STEP):
        port = next(_ports)
        if all(_is_free(kind, host, port) for host in hosts or ("127.0.0.1",)):
            return port
    raise AssertionError("no port is free on all addresses")


def _band() -> Iterator[int]:
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    band = process + int(os.environ.get("TEST_PORT_BAND", "0"))
    first = _FIRST + band % _BANDS * _WIDTH
    ports = range(first, first + _WIDTH, _STEP)
    # Two runs on one machine do not begin with the same ones.
    start = os.getpid() % len(ports)
    return cycle([*ports[start:], *ports[:start]])


_ports = _band()


def _is_free(kind: socket.SocketKind, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
