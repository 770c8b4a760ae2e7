"""What the hotline's own calls tell: how many came when, and how long each kept agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallLeg
from hotline.insight.staffing import HALF_HOUR_MINUTES, HALF_HOURS, Handling


@dataclass(frozen=True)
class Past:
    """The calls of some days that came as far as the queue."""

    days: Sequence[tuple[date, int]]
    """Each day with its calls. A day without any tells nothing: the hotline was not there."""
    calls: Sequence[float]
    """Mean of those days for each half hour; zeros if no day counts."""
    handling: Handling | None
    """None before the first call is settled."""


def past(session: Session, zone: ZoneInfo, days: Sequence[date]) -> Past:
    """These days on the city's clock."""
    by_day = {day: _by_half_hour(session, zone, day) for day in days}
    counted = [counts for counts in by_day.values() if any(counts)]
    means = [sum(column) / len(counted) for column in zip(*counted, strict=True)]
    return Past(
        [(day, sum(counts)) for day, counts in by_day.items()],
        means or [0.0] * HALF_HOURS,
        _handling(session, zone, days),
    )


def within(zone: ZoneInfo, first: date, last: date) -> ColumnElement[bool]:
    """Calls of these days, both counted, on the city's clock."""
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    return and_(Call.started_at >= begins, Call.started_at < ends)


def _by_half_hour(session: Session, zone: ZoneInfo, day: date) -> list[int]:
    counts = [0] * HALF_HOURS
    waited = (Call.queued_at.is_not(None), Call.outgoing.is_(False))
    for at in session.scalars(select(Call.started_at).where(within(zone, day, day), *waited)):
        there = at.astimezone(zone)
        counts[(there.hour * 60 + there.minute) // HALF_HOUR_MINUTES] += 1
    return counts


def _handling(session: Session, zone: ZoneInfo, days: Sequence[date]) -> Handling | None:
    """Seconds of all agents together by answered call: a call that goes on to a second agent takes both."""
    sums = select(
        func.count(CallLeg.call_id.distinct()).filter(CallLeg.answered_at.is_not(None)),
        func.sum(CallLeg.ring_seconds),
        func.sum(CallLeg.talk_seconds + func.coalesce(CallLeg.hold_seconds, 0.0)),
        func.sum(CallLeg.wrap_seconds),
    ).join(Call, Call.id == CallLeg.call_id)
    settled = (CallLeg.role == "agent", CallLeg.talk_seconds.is_not(None), Call.outgoing.is_(False))
    count, ring, talk, wrap = session.execute(
        sums.where(or_(*(within(zone, day, day) for day in days)), *settled)
    ).one()
    if not count or not talk:
        return None
    return Handling((ring or 0.0) / count, talk / count, (wrap or 0.0) / count)
