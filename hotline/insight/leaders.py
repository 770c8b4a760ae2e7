"""Leaders on the line: what was announced, and the calls of each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.call_plan.document import LeaderSlot
from hotline.call_plan.queries import live_plan, versions
from hotline.calls.models import Call
from hotline.calls.way import WayKind
from hotline.config import Settings
from hotline.people.models import User


@dataclass(frozen=True)
class Held:
    """An announced time that is over or goes on, and its calls."""

    slot: LeaderSlot
    rang: int
    """Calls for which the leader's telephone rang."""
    taken: int
    """Which the leader answered."""
    went_on: int
    """Which waited for agents then: not answered, or the caller wanted one, or the leader passed it on."""


def span_of(slot: LeaderSlot, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when, on the city's clock."""
    return datetime.combine(slot.day, slot.begins, zone), datetime.combine(slot.day, slot.ends, zone)


def to_come(session: Session, settings: Settings, now: datetime) -> list[LeaderSlot]:
    """What the live plan announces and what is not over, the next first."""
    slots = live_plan(session, settings).plan.leaders
    ahead = [slot for slot in slots if span_of(slot, settings.zone)[1] > now]
    return sorted(ahead, key=lambda slot: (slot.day, slot.begins))


def held(session: Session, settings: Settings, year: int, now: datetime) -> list[Held]:
    """The times of a year that have begun by now, by the plan that was live then; the newest first."""
    slots = [slot for slot in _announced(session, settings, now) if slot.day.year == year]
    slots.sort(key=lambda slot: (slot.day, slot.begins), reverse=True)
    return [_counted(session, settings, slot) for slot in slots]


def _announced(session: Session, settings: Settings, now: datetime) -> set[LeaderSlot]:
    found = set()
    for version in versions(session):
        if version.live_at is None:
            continue
        for slot in version.plan.leaders:
            begins, ends = span_of(slot, settings.zone)
            was_live = version.superseded_at is None or version.superseded_at > begins
            if begins <= now and version.live_at < ends and was_live:
                found.add(slot)
    return found


def _counted(session: Session, settings: Settings, slot: LeaderSlot) -> Held:
    begins, ends = span_of(slot, settings.zone)
    query = (
        select(Call.way, Call.queued_at, Call.answered_at, User.extension)
        .outerjoin(User, User.id == Call.agent_id)
        .where(Call.started_at >= begins, Call.started_at < ends, Call.dialled == slot.number)
    )
    rang = [row for row in session.execute(query) if _rang(row.way, slot)]
    return Held(
        slot,
        rang=len(rang),
        taken=sum(row.answered_at is not None and row.queued_at is None for row in rang),
        went_on=sum(
            row.queued_at is not None or row.extension not in (None, slot.phone) or _was_passed_on(row.way)
            for row in rang
        ),
    )


def _rang(way: Sequence[dict[str, str]], slot: LeaderSlot) -> bool:
    return any(one["kind"] == WayKind.LEADER and one["name"] == slot.leader for one in way)


def _was_passed_on(way: Sequence[dict[str, str]]) -> bool:
    """The leader has talked with the caller, who may have hung up before an agent answered."""
    return any(one["kind"] == WayKind.HEARD for one in way)
