"""What keeps a day of another look from being set, or its finding from being written down. Pure."""

from datetime import date, timedelta
from enum import StrEnum

MOST_DAYS = 365
LONGEST_TEXT = 2000


class Obstacle(StrEnum):
    """Why nothing is set, or written down."""

    NO_DAY = "no_day"
    DAY_PAST = "day_past"  # today, too: whoever looks today records a visit
    TOO_FAR = "too_far"
    NO_PURPOSE = "no_purpose"
    NO_FINDING = "no_finding"
    TOO_LONG = "too_long"
    NOTHING_SET = "nothing_set"


class RecheckRefused(ValueError):
    """`obstacle` says why, `field` of the form says where."""

    def __init__(self, field: str, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.field, self.obstacle = field, obstacle


def against_day(day: date | None, today: date) -> Obstacle | None:
    """Why this day cannot be set, or None."""
    if day is None:
        return Obstacle.NO_DAY
    if day <= today:
        return Obstacle.DAY_PAST
    return Obstacle.TOO_FAR if day > today + timedelta(days=MOST_DAYS) else None
