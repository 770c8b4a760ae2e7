"""Times as people read them: local, short, and what is left in words."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from flask import g

from agent_console.house import house
from agent_console.language import is_english
from agent_console.words import _, _n

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SOON = timedelta(hours=24)


def local(at: datetime) -> datetime:
    """The moment on the city's clock."""
    return at.astimezone(house().context.settings.zone)


def midnight() -> datetime:
    """When today began on the city's clock."""
    return local(house().context.now()).replace(hour=0, minute=0, second=0, microsecond=0)


def day_of(at: datetime) -> date:
    """Its day on the city's calendar."""
    return local(at).date()


def when(at: datetime | None) -> str:
    """`11-28 16:50`, `28 Nov 16:50` in English; with the year if it is another one; empty for None."""
    return _stamp(*_day_and_time(at)) if at else ""


def when_exactly(at: datetime) -> str:
    """Like `when`, to the second: `11-28 16:50:07`."""
    return _stamp(local(at).date(), clock_time(at))


def until(at: datetime | None) -> str:
    """Like `when`, but midnight is the end of the day before: `12-05 24:00`, as limits are written."""
    if at is None:
        return ""
    day, clock = _day_and_time(at)
    if local(at).time() == time(0, 0):
        return _stamp(day - timedelta(days=1), "24:00")
    return _stamp(day, clock)


def clock_time(at: datetime) -> str:
    """`16:50:07`"""
    return local(at).strftime("%H:%M:%S")


def hour_and_minute(at: datetime) -> str:
    """`16:50`, where the day stands above it."""
    return local(at).strftime("%H:%M")


def day_words(day: date) -> str:
    """`11-28 今天`, `28 Nov today`; yesterday too; with the year if it is another one."""
    ago = (local(house().context.now()).date() - day).days
    near = {0: _("今天"), 1: _("昨天")}.get(ago, "")
    return f"{_day(day)} {near.lower()}".rstrip()


def plain_day(day: date) -> str:
    """`11-28`; with the year if it is another one."""
    return _day(day)


def iso(at: datetime) -> str:
    """For the `datetime` attribute and for running timers: UTC, ISO 8601."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_late(due_at: datetime | None) -> bool:
    """Whether the moment has passed."""
    return due_at is not None and due_at <= house().context.now()


def is_soon(due_at: datetime | None) -> bool:
    """Whether the moment comes within a day."""
    return due_at is not None and not is_late(due_at) and due_at - house().context.now() <= _SOON


def left(due_at: datetime) -> str:
    """`还剩 3 天`, or `已超期 2 小时`."""
    span = due_at - house().context.now()
    if span < timedelta(0):
        return _("已超期 %(span)s", span=span_words(-span))
    return _("还剩 %(span)s", span=span_words(span))


class Limit(NamedTuple):
    """A limit as a list shows it: for programs, for people, what is left in words, and how near it is."""

    iso: str
    until: str
    left: str
    is_late: bool
    is_soon: bool


def limit(due_at: datetime) -> Limit:
    """Put into words once a page: most limits end at the same midnights."""
    known: dict[datetime, Limit] = g.setdefault("limits", {})
    if due_at not in known:
        known[due_at] = Limit(iso(due_at), until(due_at), left(due_at), is_late(due_at), is_soon(due_at))
    return known[due_at]


def span_words(span: timedelta) -> str:
    """The greatest unit of a span, rounded down: `3 天`, `5 小时`, `12 分钟`."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 48 * 60:
        return _n("%(num)d 天", "%(num)d 天", minutes // (24 * 60))
    if minutes >= 60:
        return _n("%(num)d 小时", "%(num)d 小时", minutes // 60)
    return _n("%(num)d 分钟", "%(num)d 分钟", max(minutes, 0))


def minutes_and_seconds(seconds: float) -> str:
    """`02:13`, or `1:02:13` from an hour on."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"


def _day_and_time(at: datetime) -> tuple[date, str]:
    there = local(at)
    return there.date(), there.strftime("%H:%M")


def _stamp(day: date, clock: str) -> str:
    return f"{_day(day)} {clock}"


def _day(day: date) -> str:
    this_year = day.year == local(house().context.now()).year
    if is_english():
        return f"{day.day} {MONTHS[day.month - 1]}{'' if this_year else f' {day.year}'}"
    return f"{'' if this_year else f'{day.year}-'}{day:%m-%d}"
