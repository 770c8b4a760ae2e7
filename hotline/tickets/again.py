"""What comes again in a ticket's life [S 004-22, 002-53]: reminders, returns, rework, reopening. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

REMINDED = ("reminded",)
RETURNED = ("approve_return",)
REWORKED = ("not_satisfied",)
REOPENED = ("reopen", "reopen_exceptional")
AGAIN = (*REMINDED, *RETURNED, *REWORKED, *REOPENED)
"""An index over `history_line` has these and no others."""
_DISPATCHED = "dispatch"


class Again(NamedTuple):
    """How often; `handed_on` counts every dispatch after the first (反复交办)."""

    reminded: int
    handed_on: int
    returned: int
    reworked: int
    reopened: int


def counted(events: Iterable[str]) -> Again:
    """From the events of a history."""
    found = Counter(events)

    def times(kinds: tuple[str, ...]) -> int:
        return sum(found[kind] for kind in kinds)

    handed_on = max(found[_DISPATCHED] - 1, 0)
    return Again(times(REMINDED), handed_on, times(RETURNED), times(REWORKED), times(REOPENED))
