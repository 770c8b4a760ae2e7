"""What looking over an installation has found, and how whoever shows it gets to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is in order, what was seen, and what to do if it is not.

    Something in order with something to do is a warning: it will be wrong one day.
    """

    name: str
    ok: bool
    what: str
    mend: str = ""


Checks = Callable[[], Sequence[Finding]]
"""Looks the machine over, which takes seconds. Handed in by the program, which knows telephone and audio."""


def no_checks() -> Sequence[Finding]:
    """Of a console that runs by itself: nothing was looked at."""
    return ()
