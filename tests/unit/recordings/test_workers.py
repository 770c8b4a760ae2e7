"""Several transcribers of one machine: forked, replaced when they die, ended with their parent."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from recordings.workers import run_workers
from tests.waiting import until


def leave_a_trace(folder: Path, stop: threading.Event) -> None:
    """What a worker does here: say that it is there, and wait for the end."""
    (folder / str(os.getpid())).touch()
    stop.wait(200)
    (folder / str(os.getpid())).unlink()


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[Path]:
    """Two workers, each a file named by its process."""
    stop = threading.Event()
    parent = threading.Thread(target=run_workers, args=(2, lambda told: leave_a_trace(tmp_path, told), stop))
    parent.start()
    yield tmp_path
    stop.set()
    parent.join(60)
    assert not parent.is_alive()
    assert workers(tmp_path) == set(), "each ended by itself"


def workers(folder: Path) -> set[int]:
    return {int(path.name) for path in folder.iterdir() if alive(int(path.name))}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# The tests' own threads have nothing that a forked worker needs.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_one_that_is_killed_is_replaced(at_work: Path) -> None:
    until(lambda: len(workers(at_work)) == 2, what="both workers")
    killed = min(workers(at_work))
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(workers(at_work) - {killed}) == 2, what="another in its place")
    (at_work / str(killed)).unlink()
