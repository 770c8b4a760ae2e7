"""What stands against a suspension (rulebook B5.8). Pure."""

from datetime import date, timedelta
from enum import StrEnum

MOST_DAYS_TO_REVIEW = 90


class Obstacle(StrEnum):
    """Why a suspension is not asked for, or not decided."""

    WAITING = "waiting"
    NO_REASON = "no_reason"
    NO_PLAN = "no_plan"
    REVIEW_DATE = "review_date"
    NOT_TOLD = "not_told"
    OWN_REQUEST = "own_request"
    NOTHING_WAITS = "nothing_waits"


def against_review(day: date, today: date) -> Obstacle | None:
    """The matter is looked at again on a day after today, within ninety days."""
    latest = today + timedelta(days=MOST_DAYS_TO_REVIEW)
    return None if today < day <= latest else Obstacle.REVIEW_DATE
