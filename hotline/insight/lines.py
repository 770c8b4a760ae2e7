"""How each line that was merged into the hotline is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.outcome import ASKED_FOR_A_NUMBER
from hotline.calls.queries import given_up
from hotline.insight.queries import within

MOSTLY = 0.5


@dataclass(frozen=True)
class Use:
    """The calls of a line. `numbers` asked for a telephone number and nothing else, as agents say."""

    calls: int = 0
    answered: int = 0
    abandoned: int = 0
    numbers: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.calls + other.calls,
            self.answered + other.answered,
            self.abandoned + other.abandoned,
            self.numbers + other.numbers,
        )

    @property
    def otherwise(self) -> int:
        """Neither answered nor given up: a message, a callback, cut off, or still on the line."""
        return self.calls - self.answered - self.abandoned

    @property
    def is_mostly_numbers(self) -> bool:
        """Whether the line has become a directory: more than half of what was answered."""
        return self.numbers > MOSTLY * self.answered


def use_of_day(session: Session, zone: ZoneInfo, day: date) -> dict[str, Use]:
    """By the number dialled; numbers that nobody dialled are not in it. Calls that we made are not either."""
    answered = Call.answered_at.is_not(None)
    counts = select(
        Call.dialled,
        func.count(),
        func.count().filter(answered),
        func.count().filter(given_up()),
        func.count().filter(answered, Call.disposition == ASKED_FOR_A_NUMBER),
    ).where(within(zone, day, day), Call.outgoing.is_(False))
    return {number: Use(*found) for number, *found in session.execute(counts.group_by(Call.dialled))}


def total(days: Sequence[Mapping[str, Use]]) -> dict[str, Use]:
    """Of several days, by number."""
    found: dict[str, Use] = {}
    for uses in days:
        for number, use in uses.items():
            found[number] = found.get(number, Use()) + use
    return found
