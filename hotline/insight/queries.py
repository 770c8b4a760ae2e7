"""What the hotline's own calls tell: how many came when, and how long each kept agents."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, String, and_, cast, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallLeg
from hotline.calls.way import WayKind, passed
from hotline.database import UtcDateTime
from hotline.insight.staffing import HALF_HOUR_MINUTES, HALF_HOURS, Handling

_SECONDS = HALF_HOUR_MINUTES * 60
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Past:
    """The calls of some days that came as far as the queue."""

    days: Sequence[tuple[date, int]]
    """Each day with its calls. A day without any tells nothing: the hotline was not there."""
    calls: Sequence[float]
    """Mean of those days for each half hour; zeros if no day counts."""
    handling: Handling | None
    """None before the first call is settled."""


def past(session: Session, zone: ZoneInfo, days: Sequence[date], skill: str = "") -> Past:
    """These days on the city's clock; with `skill` the calls alone that waited for agents with it."""
    by_day = calls_by_half_hour(session, zone, days, skill)
    return Past(
        [(day, sum(counts)) for day, counts in by_day.items()],
        means([by_day[day] for day in days]),
        handling_of(session, zone, days, skill),
    )


def means(of_days: Sequence[Sequence[int]]) -> list[float]:
    """Mean of each half hour over the days that have any call; zeros if none has."""
    counted = [counts for counts in of_days if any(counts)]
    return [sum(column) / len(counted) for column in zip(*counted, strict=True)] or [0.0] * HALF_HOURS


def within(zone: ZoneInfo, first: date, last: date) -> ColumnElement[bool]:
    """Calls of these days, both counted, on the city's clock."""
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    return and_(Call.started_at >= begins, Call.started_at < ends)


def _of_days(zone: ZoneInfo, days: Sequence[date]) -> ColumnElement[bool]:
    """Calls of these days on the city's clock. Days that follow each other are one span: of four weeks day by
    day PostgreSQL thought longer than of all else."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        follows = bool(spans) and day - spans[-1][1] <= timedelta(days=1)
        first = spans.pop()[0] if follows else day
        spans.append((first, day))
    return or_(*(within(zone, first, last) for first, last in spans))


def _waited_for(skill: str) -> ColumnElement[bool]:
    """Callers in its line, to the end of their wait or until an overflow took them out of it."""
    if not skill:
        return true()
    left = passed(WayKind.SKILL, skill=skill)
    return or_(Call.skill == skill, cast(Call.way, String).contains(json.dumps(left)))


def calls_by_half_hour(
    session: Session, zone: ZoneInfo, days: Sequence[date], skill: str = ""
) -> dict[date, list[int]]:
    """Calls that came as far as the queue in each half hour of these days."""
    half_hour = _half_hour(session).label("half_hour")
    waited = (Call.queued_at.is_not(None), Call.outgoing.is_(False), _waited_for(skill))
    query = select(half_hour, func.count()).where(_of_days(zone, days), *waited)
    found = {day: [0] * HALF_HOURS for day in days}
    for begins, count in session.execute(query.group_by("half_hour")):
        there = begins.astimezone(zone)
        found[there.date()][(there.hour * 60 + there.minute) // HALF_HOUR_MINUTES] += count
    return found


def _half_hour(session: Session) -> ColumnElement[datetime]:
    """When the half hour began in which a call came. Clocks of cities differ by whole half hours."""
    if session.get_bind().dialect.name == "sqlite":
        begins = cast(func.strftime("%s", Call.started_at), Integer) // _SECONDS * _SECONDS
        return func.datetime(begins, "unixepoch", type_=UtcDateTime)
    half_an_hour = timedelta(minutes=HALF_HOUR_MINUTES)
    return func.date_bin(half_an_hour, Call.started_at, _ORIGIN, type_=UtcDateTime)


def handling_of(session: Session, zone: ZoneInfo, days: Sequence[date], skill: str = "") -> Handling | None:
    """Seconds of all agents together by answered call: a call that goes on to a second agent takes both."""
    sums = select(
        func.count(CallLeg.call_id.distinct()).filter(CallLeg.answered_at.is_not(None)),
        func.sum(CallLeg.ring_seconds),
        func.sum(CallLeg.talk_seconds + func.coalesce(CallLeg.hold_seconds, 0.0)),
        func.sum(CallLeg.wrap_seconds),
    ).join(Call, Call.id == CallLeg.call_id)
    settled = (CallLeg.role == "agent", CallLeg.talk_seconds.is_not(None), Call.outgoing.is_(False))
    # Day by day: of one span PostgreSQL looks through the legs of all calls that there ever were.
    of_days = or_(*(within(zone, day, day) for day in days))
    count, ring, talk, wrap = session.execute(sums.where(of_days, *settled, _waited_for(skill))).one()
    if not count or not talk:
        return None
    return Handling((ring or 0.0) / count, talk / count, (wrap or 0.0) / count)
