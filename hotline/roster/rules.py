"""What a roster may be: pure functions on spans of work."""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.call_plan.document import Shift
from hotline.call_plan.hours import Span
from hotline.insight.staffing import half_hours

WEEK_DAYS = 7


class Obstacle(StrEnum):
    """Why a person cannot have a shift on a day."""

    UNKNOWN_PERSON = "unknown_person"  # no agent with a telephone, or gone
    UNKNOWN_SHIFT = "unknown_shift"  # the live plan has none of this code for agents
    NOT_THAT_DAY = "not_that_day"  # the shift is not worked on this kind of day
    PAST = "past"
    TWICE = "twice"  # they work somewhere else at the same time
    TOO_LITTLE_REST = "too_little_rest"
    NO_DAY_OFF = "no_day_off"


@dataclass(frozen=True)
class Fault:
    """One cell of a week that cannot be so."""

    user_id: int
    day: date
    obstacle: Obstacle


@dataclass(frozen=True)
class Work:
    """A shift of somebody's."""

    user_id: int
    day: date
    code: str
    begins_at: datetime
    ends_at: datetime


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> list[date]:
    """The week's seven days."""
    return [monday + timedelta(days=step) for step in range(WEEK_DAYS)]


def worked(user_id: int, shift: Shift, day: date, zone: ZoneInfo) -> Work:
    """The shift that begins on this day; ending at or before its beginning, it ends on the next day."""
    last = day if shift.begins < shift.ends else day + timedelta(days=1)
    begins, ends = datetime.combine(day, shift.begins, zone), datetime.combine(last, shift.ends, zone)
    return Work(user_id, day, shift.code, begins, ends)


def faults_of_person(works: Iterable[Work], monday: date, rest: timedelta) -> list[Fault]:
    """Of one person's shifts in this week and beside it: at once, too soon after one another, no day off."""
    ordered = sorted(works, key=lambda one: one.begins_at)
    week = days_of(monday)
    found = []
    for earlier, later in pairwise(ordered):
        obstacle = _between(earlier, later, rest)
        where = later if later.day in week else earlier
        if obstacle and where.day in week:
            found.append(Fault(where.user_id, where.day, obstacle))
    within = [one for one in ordered if one.day in week]
    if len({one.day for one in within}) == WEEK_DAYS:
        found.append(Fault(within[-1].user_id, within[-1].day, Obstacle.NO_DAY_OFF))
    return found


def _between(earlier: Work, later: Work, rest: timedelta) -> Obstacle | None:
    if later.begins_at < earlier.ends_at:
        return Obstacle.TWICE
    return Obstacle.TOO_LITTLE_REST if later.begins_at - earlier.ends_at < rest else None


def there(works: Sequence[Work], day: date, zone: ZoneInfo) -> list[int]:
    """Who is there for the whole of each half hour of a day."""
    midnight = datetime.combine(day, datetime.min.time(), zone)
    people = Counter((one.begins_at, one.ends_at) for one in works)  # hundreds work a few shifts
    counts = []
    for span in half_hours():
        begins, ends = midnight + timedelta(minutes=span.begins), midnight + timedelta(minutes=span.ends)
        counts.append(sum(n for (since, until), n in people.items() if since <= begins and ends <= until))
    return counts


@dataclass(frozen=True)
class Shortage:
    """A piece of a day in which people are missing, so many at the worst time."""

    span: Span
    most: int


def shortages(needed: Sequence[int], people: Sequence[int], cuts: Container[int]) -> list[Shortage]:
    """By half hours, neighbouring ones made one but where a shift begins or ends (minutes of the day): each
    piece tells which shift wants more people."""
    found: list[Shortage] = []
    for span, wanted, have in zip(half_hours(), needed, people, strict=True):
        if wanted <= have:
            continue
        before = found[-1] if found else None
        if before is None or before.span.ends != span.begins or span.begins in cuts:
            found.append(Shortage(span, wanted - have))
        else:
            most = max(before.most, wanted - have)
            found[-1] = Shortage(Span(before.span.begins, span.ends), most)
    return found
