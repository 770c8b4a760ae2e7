"""Free ports for a private hotline."""

import socket


def free_port(kind: socket.SocketKind, *hosts: str) -> int:
    """A port that nobody uses on any of these addresses just now."""
    for _ in range(50):
        with socket.socket(socket.AF_INET, kind) as probe:
            probe.bind((hosts[0], 0))
            port = int(probe.getsockname()[1])
            if all(_is_free(kind, host, port) for host in hosts[1:]):
                return port
    raise AssertionError("no port is free on all addresses")


def _is_free(kind: socket.SocketKind, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        return (
            probe.connect_ex((host, port)) != 0 if kind is socket.SOCK_STREAM else _binds(probe, host, port)
        )


def _binds(probe: socket.socket, host: str, port: int) -> bool:
    try:
        probe.bind((host, port))
    except OSError:
        return False
    return True
