"""Which kind of day it is, and which shifts are on: pure functions on the city's clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from hotline.call_plan.document import AnsweredBy, Days, Minimum, Plan, Shift
from hotline.deadlines.calendar import WorkingCalendar

DAY_MINUTES = 24 * 60


class DayReason(StrEnum):
    """Why a day counts as what it does."""

    EXCEPTION = "exception"  # the plan says so
    CALENDAR = "calendar"
    WEEKDAY = "weekday"  # the calendar does not know this year: Monday to Friday


@dataclass(frozen=True)
class DayReading:
    """A day's kind (never `EVERY`) and why."""

    kind: Days
    reason: DayReason
    note: str = ""


def read_day(plan: Plan, day: date, calendar: WorkingCalendar) -> DayReading:
    """The kind of a date: by the plan's exceptions, else by the calendar."""
    for exception in plan.exceptions:
        if exception.day == day:
            return DayReading(exception.treated_as, DayReason.EXCEPTION, exception.note)
    kind = Days.WORKING if calendar.is_working_day(day) else Days.OFF
    return DayReading(kind, DayReason.CALENDAR if calendar.covers(day) else DayReason.WEEKDAY)


def on_at(plan: Plan, shifts: Iterable[Shift], at: datetime, calendar: WorkingCalendar) -> tuple[Shift, ...]:
    """The shifts that are on at a moment of the city's clock: begun today, or yesterday and not over yet."""
    today = read_day(plan, at.date(), calendar).kind
    yesterday = read_day(plan, at.date() - timedelta(days=1), calendar).kind
    return on_at_minute(shifts, minute_of(at.time()), yesterday, today)


def on_at_minute(shifts: Iterable[Shift], minute: int, yesterday: Days, today: Days) -> tuple[Shift, ...]:
    """As `on_at`, for a minute of a day of kind `today` that follows one of kind `yesterday`."""
    return tuple(shift for shift in shifts if _is_on(shift, minute, yesterday, today))


def _is_on(span: Shift | Minimum, minute: int, yesterday: Days, today: Days) -> bool:
    begins, ends = minute_of(span.begins), minute_of(span.ends)
    if begins < ends:
        return falls_on(span.days, today) and begins <= minute < ends
    begun_today = falls_on(span.days, today) and minute >= begins
    begun_yesterday = falls_on(span.days, yesterday) and minute < ends
    return begun_today or begun_yesterday


def wanted_seats(minimums: Iterable[Minimum], minute: int, yesterday: Days, today: Days) -> int:
    """The greatest minimum of seats at a minute."""
    return max((m.seats for m in minimums if _is_on(m, minute, yesterday, today)), default=0)


def seats_of(on: Iterable[Shift]) -> int:
    """Seats of the shifts that are on at one moment; a duty telephone is one."""
    return sum(shift.seats if shift.answered_by is AnsweredBy.AGENTS else 1 for shift in on)


def least_seats(plan: Plan, yesterday: Days, today: Days, spans: Iterable["Span"]) -> list[int]:
    """The fewest seats at any minute of each span of a day of kind `today` that follows one of kind
    `yesterday`."""
    cuts = [piece.begins for piece in pieces(plan.shifts)]
    return [
        min(
            seats_of(on_at_minute(plan.shifts, minute, yesterday, today))
            for minute in (span.begins, *(cut for cut in cuts if span.begins < cut < span.ends))
        )
        for span in spans
    ]


@dataclass(frozen=True)
class Span:
    """A piece of a day, in minutes; `until` may be 1440."""

    begins: int
    ends: int

    def __str__(self) -> str:
        return f"{clock(self.begins)}-{clock(self.ends)}"


def pieces(*spans: Sequence[Shift] | Sequence[Minimum]) -> Iterator[Span]:
    """A day cut wherever one of the spans begins or ends."""
    cuts = {0, DAY_MINUTES}
    for several in spans:
        for span in several:
            cuts |= {minute_of(span.begins), minute_of(span.ends)}
    ordered = sorted(cuts)
    yield from (Span(begins, ends) for begins, ends in pairwise(ordered))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbouring spans made one."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda one: one.begins):
        if result and result[-1].ends >= span.begins:
            result[-1] = Span(result[-1].begins, max(result[-1].ends, span.ends))
        else:
            result.append(span)
    return result


def minute_of(clock_time: time) -> int:
    """Minutes since midnight."""
    return clock_time.hour * 60 + clock_time.minute


def clock(minute: int) -> str:
    """`08:30`; the end of the day is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def falls_on(days: Days, kind: Days) -> bool:
    """Whether something of these days takes place on a day of this kind."""
    return days in (Days.EVERY, kind)
