"""What may be written in, and when. Pure functions."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Obstacle(StrEnum):
    """Why it is not taken in."""

    NO_SUCH_CHANNEL = "no_such_channel"
    IN_FUTURE = "in_future"
    NO_LATE_REASON = "no_late_reason"
    NO_SOURCE_NUMBER = "no_source_number"
    CAME_BEFORE = "came_before"
    TOO_LONG = "too_long"
    STALE_PAGE = "stale_page"
    SENT_BEFORE = "sent_before"  # of this page, with other words
    TOO_EARLY = "too_early"
    NOWHERE = "nowhere"  # neither place nor telephone
    NOT_A_NUMBER = "not_a_number"
    NO_REASON = "no_reason"
    DECIDED = "decided"  # somebody else was faster


class IntakeRefused(ValueError):
    """It is not taken in. `field` names what is wrong, `known` the ticket that has this source number."""

    def __init__(self, obstacle: Obstacle, field: str, known: str = "") -> None:
        super().__init__(obstacle.value)
        self.obstacle, self.field, self.known = obstacle, field, known


EARLIEST_YEAR = 2000
"""A matter that came in before is a slip of the keys: years are typed digit by digit."""


def check_received(received_at: datetime, now: datetime, zone: ZoneInfo, late_reason: str) -> None:
    """Never later than now, nor of another century; what lay around since an earlier day says why.

    Raises `IntakeRefused`.
    """
    if received_at > now:
        raise IntakeRefused(Obstacle.IN_FUTURE, "received_at")
    if received_at.year < EARLIEST_YEAR:
        raise IntakeRefused(Obstacle.TOO_EARLY, "received_at")
    if received_at.astimezone(zone).date() < now.astimezone(zone).date() and not late_reason:
        raise IntakeRefused(Obstacle.NO_LATE_REASON, "late_reason")
