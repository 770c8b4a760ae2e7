"""How long something takes, as most people meet it."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def p95(deed: Callable[[T], object], things: Sequence[T]) -> float:
    """Milliseconds, after a first time that is not counted: it fills what is kept."""
    deed(things[0])
    taken = []
    for thing in things:
        began = time.perf_counter()
        deed(thing)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(taken, n=20)[-1]
