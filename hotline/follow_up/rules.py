"""When citizens are called, and what their answers mean (rulebook B7)."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from hotline.context import Context

MOST_ATTEMPTS = 3
SATISFIED_UP_TO = (
    3  # 1 very satisfied, 2 satisfied, 3 basically satisfied, 4 dissatisfied, 5 very dissatisfied
)
_NOON = time(12, 0)


class Verdict(StrEnum):
    """What follows from the answers."""

    CLOSE_SOLVED = "solved"
    CLOSE_EXPLAINED = "explained"
    NEEDS_FINDING = "needs_finding"
    REWORK = "rework"


class Finding(StrEnum):
    """Why a citizen says no: somebody looks, never the keys."""

    SUBJECTIVE = "subjective"  # delay, half done, not contacted, evasive
    OBJECTIVE = "objective"  # no legal basis, not true, beyond remit, third party - and explained


def verdict(solved: bool, finding: Finding | None = None) -> Verdict:
    """The outcome table of B7. Dissatisfaction with a solved matter closes it and counts against the unit."""
    if solved:
        return Verdict.CLOSE_SOLVED
    if finding is None:
        return Verdict.NEEDS_FINDING
    return Verdict.REWORK if finding is Finding.SUBJECTIVE else Verdict.CLOSE_EXPLAINED


def first_call_at(context: Context) -> datetime:
    """When the first try is due: after the configured delay, within the hours for calling citizens."""
    wanted = context.now() + timedelta(seconds=context.settings.follow_up_delay_seconds)
    return within_hours(context, wanted)


def next_call_at(context: Context) -> datetime:
    """The next half-day (morning, afternoon) after now: tries lie in different half-days."""
    local = context.now().astimezone(context.settings.zone)
    if local.time() < _NOON:
        following = datetime.combine(local.date(), _NOON, local.tzinfo)
    else:
        following = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return within_hours(context, following.astimezone(UTC))


def half_day(context: Context, at: datetime) -> tuple[date, bool]:
    """The day in the city, and whether it is after noon."""
    local = at.astimezone(context.settings.zone)
    return local.date(), local.time() >= _NOON


def within_hours(context: Context, at: datetime) -> datetime:
    """`at`, or the next moment at which citizens may be called (`follow_up_hours`, local)."""
    opens, closes = calling_hours(context.settings.follow_up_hours)
    local = at.astimezone(context.settings.zone)
    midnight = datetime.combine(local.date(), time(), local.tzinfo)
    if local < midnight + opens:
        local = midnight + opens
    elif local >= midnight + closes:
        local = midnight + timedelta(days=1) + opens
    return local.astimezone(UTC)


def calling_hours(hours: str) -> tuple[timedelta, timedelta]:
    """`08:30-21:00` as two spans since midnight; `00:00-24:00` is the whole day."""
    opens, closes = (timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in hours.split("-"))
    return opens, closes
