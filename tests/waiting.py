"""Waiting by condition: tests never sleep for a guessed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


BUSY = 3
"""So many times as long may anything take on a machine where every test runs at once."""


def until(condition: Callable[[], T], timeout: float = 20, what: str = "the condition to hold") -> T:
    """The condition's first true value. Fails, saying what it waited for, when it has not come in a time that
    is plenty on a quiet machine, given as `timeout` in seconds, nor on a busy one. How quick something is is
    not to be proven by this."""
    began = time.monotonic()
    while True:
        waited = time.monotonic() - began
        is_late = waited > timeout * BUSY  # looked at first: whoever was stopped meanwhile looks once more
        if value := condition():
            return value
        if is_late:
            raise AssertionError(f"waited {timeout * BUSY} s for {what}")
        time.sleep(min(0.1, max(0.02, waited / 20)))  # what takes long is looked at less often
