"""Waiting by condition: tests never sleep for a guessed time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], timeout: float = 60, what: str = "the condition to hold") -> T:
    """The condition's first true value. Fails after `timeout` seconds, saying what it waited for."""
    ends = time.monotonic() + timeout
    while True:
        if value := condition():
            return value
        if time.monotonic() > ends:
            raise AssertionError(f"waited {timeout} s for {what}")
        time.sleep(0.02)
