"""Working days, with China's holidays and make-up days from the `chinesecalendar` package.

Without data for a year the rule is Monday to Friday, and `covers` says so: whoever computes a due time must
pass the warning on (rulebook B3).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

import chinese_calendar

# The longest limit (15 working days) with the longest extension (10 more) over the longest holidays: as far
# as a promise of today can reach.
PROMISES_REACH = timedelta(days=60)


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKED = "worked"
    MAKE_UP = "make_up"  # a Saturday or Sunday that is worked (调休)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Day:
    """A date and its kind. `holiday` is the English name of the holiday that it belongs to, or is made up
    for; empty for other days."""

    date: date
    kind: DayKind
    holiday: str = ""

    @property
    def is_worked(self) -> bool:
        """Whether people work."""
        return self.kind in (DayKind.WORKED, DayKind.MAKE_UP)


class WorkingCalendar(Protocol):
    """Knows which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        ...

    def day(self, day: date) -> Day:
        """The day with the reason why it is worked or not."""
        ...

    def covers(self, day: date) -> bool:
        """Whether holidays of this day's year are known; if not, Monday to Friday is assumed."""
        ...


@lru_cache(maxsize=4096)  # a year tried day by day asks for the same few hundred days again and again
def _day(day: date) -> Day:
    try:
        is_rest, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        is_rest, holiday = day.weekday() >= 5, None
    if is_rest:
        return Day(day, DayKind.HOLIDAY if holiday else DayKind.WEEKEND, holiday or "")
    return Day(day, DayKind.MAKE_UP if holiday else DayKind.WORKED, holiday or "")


class ChineseCalendar:
    """The State Council's yearly holiday notices, as packaged by `chinesecalendar`."""

    def is_working_day(self, day: date) -> bool:
        return self.day(day).is_worked

    def day(self, day: date) -> Day:
        return _day(day)

    def covers(self, day: date) -> bool:
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return False
        return True


def unknown_year(calendar: WorkingCalendar, today: date) -> int | None:
    """The first year without holidays that a promise of today may reach: this one, or from November on the
    next. None if all are known."""
    reached = (today, today + PROMISES_REACH)
    return next((day.year for day in reached if not calendar.covers(day)), None)
