"""Who is on duty at a moment. No database."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from hotline.deadlines.calendar import WorkingCalendar
from hotline.directory.models import DutyDays, DutyPhone


def on_duty(phones: Iterable[DutyPhone], at: datetime, calendar: WorkingCalendar) -> list[DutyPhone]:
    """Telephones on duty at `at` (aware, on the city's clock), the first to be rung first."""
    there = [phone for phone in phones if is_on_duty(phone, at, calendar)]
    return sorted(there, key=lambda phone: (phone.position, phone.id))


def is_on_duty(phone: DutyPhone, at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether `at` (aware, on the city's clock) lies in the telephone's window."""
    now, today = at.time(), at.date()
    if phone.from_time < phone.until_time:
        return phone.from_time <= now < phone.until_time and _serves(phone, today, calendar)
    if now >= phone.from_time:
        return _serves(phone, today, calendar)
    return now < phone.until_time and _serves(phone, today - timedelta(days=1), calendar)


def _serves(phone: DutyPhone, day: date, calendar: WorkingCalendar) -> bool:
    if str(day.isoweekday()) not in phone.weekdays:
        return False
    if phone.days is DutyDays.EVERY_DAY:
        return True
    return calendar.is_working_day(day) is (phone.days is DutyDays.WORKDAYS)
