"""Working days, with China's holidays and make-up days from the `chinesecalendar` package.

Without data for a year the rule is Monday to Friday, and `covers` says so: whoever computes a due time must
pass the warning on (rulebook B3).
"""

from datetime import date
from typing import Protocol

import chinese_calendar


class WorkingCalendar(Protocol):
    """Knows which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        ...

    def covers(self, day: date) -> bool:
        """Whether holidays of this day's year are known; if not, Monday to Friday is assumed."""
        ...


class ChineseCalendar:
    """The State Council's yearly holiday notices, as packaged by `chinesecalendar`."""

    def is_working_day(self, day: date) -> bool:
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    def covers(self, day: date) -> bool:
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return False
        return True
