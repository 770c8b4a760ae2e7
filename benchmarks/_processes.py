"""The hotline's own processes for a benchmark, as `hotline up` runs them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hotline.config import Settings
from tests.waiting import until

START_SECONDS = 60
STOP_SECONDS = 20


@contextmanager
def processes(settings: Settings, *names: str) -> "Iterator[Mapping[str, subprocess.Popen[bytes]]]":
    """`hotline run NAME` for each of them while the block lasts; those that listen do so when it begins."""
    ports = {"ivr": settings.agi_port, "live": settings.live_port, "web": settings.web_port}
    log = (settings.state_dir / "processes.log").open("wb")
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", "hotline", "run", name],
            env=os.environ | settings.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        for name in names
    }
    try:
        for port in (ports[name] for name in names if name in ports):
            until(lambda port=port: _answers(port), START_SECONDS, f"port {port}")  # type: ignore[misc]
        yield running
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(STOP_SECONDS)
        log.close()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
