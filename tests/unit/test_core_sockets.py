"""The watch over unit tests itself."""

import socket

import pytest

from tests.unit.conftest import NetworkTouched


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("0.0.0.0", 0)])
def test_other_machines_are_out_of_reach(address: tuple[str, int]) -> None:
    with socket.socket() as probe:
        probe.settimeout(0.1)
        with pytest.raises(NetworkTouched):
            probe.bind(address) if address[1] == 0 else probe.connect(address)


def test_names_of_other_machines_are_not_asked_for() -> None:
    with pytest.raises(NetworkTouched):
        socket.getaddrinfo("example.org", 80)


def test_this_machine_is_not() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
