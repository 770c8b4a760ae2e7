"""How many people each half hour of a day needs, beside the seats that the call plan has: pure functions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotline.call_plan import hours
from hotline.call_plan.document import AnsweredBy, Plan
from hotline.deadlines.calendar import WorkingCalendar
from hotline.insight.erlang import Demand, Promise, agents_needed

HALF_HOUR_MINUTES = 30
HALF_HOURS = hours.DAY_MINUTES // HALF_HOUR_MINUTES
WEEKS_BACK = 4
AWAY = 0.15
"""Usual share of their time that people who are there spend off the telephone: a meal and pauses in 8 h."""
_IN_AN_HOUR = 60 / HALF_HOUR_MINUTES


@dataclass(frozen=True)
class Handling:
    """Mean seconds that a call keeps agents: until they lift, while they talk or hold, while they write."""

    ring: float
    talk: float
    wrap: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.ring + self.talk + self.wrap


@dataclass(frozen=True)
class HalfHour:
    """What a half hour needs. `agents` sit at the telephone, `people` are there, with those who are away from
    it for a while; `seats` are the fewest that the plan has at any minute of it."""

    span: hours.Span
    calls: float
    agents: int
    people: int
    seats: int

    @property
    def balance(self) -> int:
        """Seats too many; negative: too few."""
        return self.seats - self.people


def half_hours() -> list[hours.Span]:
    """A day's."""
    steps = range(0, hours.DAY_MINUTES, HALF_HOUR_MINUTES)
    return [hours.Span(begins, begins + HALF_HOUR_MINUTES) for begins in steps]


def same_weekdays(day: date, today: date) -> list[date]:
    """The last four days of this day's weekday that are over, the newest first."""
    since = (today - day).days % 7 or 7
    return [today - timedelta(days=since, weeks=week) for week in range(WEEKS_BACK)]


def with_skill(plan: Plan, skill: str) -> Plan:
    """With those shifts alone in which agents with this skill have seats: that name it, or name none."""
    agents = (one for one in plan.shifts if one.answered_by is AnsweredBy.AGENTS)
    return plan.model_copy(
        update={"shifts": tuple(one for one in agents if not one.skills or skill in one.skills)}
    )


def seats_by_half_hour(plan: Plan, day: date, calendar: WorkingCalendar) -> list[int]:
    """The fewest seats in each half hour of a day."""
    today = hours.read_day(plan, day, calendar).kind
    yesterday = hours.read_day(plan, day - timedelta(days=1), calendar).kind
    return hours.least_seats(plan, yesterday, today, half_hours())


def staffing(
    calls: Sequence[float], handling: Handling, promise: Promise, away: float, seats: Sequence[int]
) -> list[HalfHour]:
    """Each half hour of a day: `calls` that come in it, and the `seats` that the plan has.

    `away` is the share (0 to less than 1) of their time that people who are there spend off the telephone.
    The promise counts from the caller's side, so what an agent takes to lift goes off it.
    """
    quick = Promise(promise.share, max(0.0, promise.within - handling.ring))
    found = []
    for span, coming, planned in zip(half_hours(), calls, seats, strict=True):
        agents = agents_needed(Demand(coming * _IN_AN_HOUR, handling.seconds), quick)
        people = math.ceil(round(agents / (1 - away), 6))  # 9 / 0.9 is 10 people, not 11
        found.append(HalfHour(span, coming, agents, people, planned))
    return found


def hours_of_work(half_hours_of_people: Sequence[int]) -> float:
    """Hours that so many people work in all."""
    return sum(half_hours_of_people) / _IN_AN_HOUR
