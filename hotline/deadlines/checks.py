"""What is wrong with limits before anybody is promised anything by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from hotline.deadlines.calendar import unknown_year
from hotline.deadlines.places import LEVELS, OPTIONAL, PLACES, REQUIRED, Limits, units_of
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.rules import Reckoner
from hotline.tickets.states import Urgency

LARGEST = {
    Unit.MINUTE: 24 * 60,
    Unit.HOUR: 240,
    Unit.WORKING_HOUR: 80,
    Unit.NATURAL_DAY: 30,
    Unit.WORKING_DAY: 20,
}
LARGEST_EXTENSION = {Unit.NATURAL_DAY: 15, Unit.WORKING_DAY: 10}
"""A result and its extension together: no promise reaches further than the warning about holidays looks."""
TRIED_AT = time(16, 50)
TRIED_DAYS = 366


class Fault(StrEnum):
    """What is wrong at a place."""

    MISSING = "missing"
    OUT_OF_RANGE = "out_of_range"
    WRONG_UNIT = "wrong_unit"
    AFTER_RESULT = "after_result"
    NO_HOLIDAYS = "no_holidays"

    @property
    def forbids(self) -> bool:
        """Whether nothing comes into force by it. Unknown holidays warn (rulebook B3): the State Council
        publishes them late, and a city cannot wait for that."""
        return self is not Fault.NO_HOLIDAYS


@dataclass(frozen=True)
class Finding:
    """A fault at a place; `dispatched_at` is a moment for which it would happen, `year` whose holidays are
    not known."""

    place: str
    fault: Fault
    dispatched_at: datetime | None = None
    year: int | None = None


def least(unit: Unit) -> int:
    """The least that may stand anywhere: no natural days are today, and nothing else may be none."""
    return 0 if unit is Unit.NATURAL_DAY else 1


def largest(place: str, unit: Unit) -> int:
    """The most that may stand at a place."""
    return LARGEST_EXTENSION[unit] if place == "longest_extension" else LARGEST[unit]


def check(limits: Limits, counting: Reckoner, since: datetime) -> list[Finding]:
    """Everything that is wrong with limits that would hold from a moment on; in the order of the places."""
    found = [finding for place in PLACES for finding in _at(place, limits.get(place))]
    if not found:  # else there is nothing to compare
        found = list(_too_late(limits, counting, since))
    return [*found, *_unknown(counting, since)]


def _at(place: str, limit: Limit | None) -> Iterator[Finding]:
    if limit is None:
        if place in REQUIRED:
            yield Finding(place, Fault.MISSING)
    elif limit.unit not in units_of(place):
        yield Finding(place, Fault.WRONG_UNIT)
    elif not least(limit.unit) <= limit.amount <= largest(place, limit.unit):
        yield Finding(place, Fault.OUT_OF_RANGE)


def _too_late(limits: Limits, counting: Reckoner, since: datetime) -> Iterator[Finding]:
    """Where somebody would sign, or speak with the citizen, after the result is due: tried for every day of
    the coming year, because a working day is one day or eleven."""
    starts = _starts(counting, since)
    due = cache(counting.due)

    def first(stage: Limit, result: Limit, moves: bool) -> datetime | None:
        return next((at for at in starts if due(at, stage) > due(at, result, moves)), None)

    over = {place: limits[place] for place in OPTIONAL if place in limits}
    named: set[str] = set()
    for place, (stage, urgency) in LEVELS.items():
        if stage not in ("sign", "first_contact"):
            continue
        moves = urgency is Urgency.NORMAL
        if at := first(limits[place], limits[f"result_{urgency}"], moves):
            yield Finding(place, Fault.AFTER_RESULT, at)
            continue
        for other in [one for one in over if one not in named]:
            if at := first(limits[place], over[other], moves):
                named.add(other)
                yield Finding(other, Fault.AFTER_RESULT, at)


def _starts(counting: Reckoner, since: datetime) -> list[datetime]:
    day: date = since.astimezone(counting.zone).date()
    return [datetime.combine(day + timedelta(days=n), TRIED_AT, counting.zone) for n in range(TRIED_DAYS)]


def _unknown(counting: Reckoner, since: datetime) -> Iterator[Finding]:
    """Working days are counted, and normal tickets end on none that is off: both ask for holidays."""
    year = unknown_year(counting.calendar, since.astimezone(counting.zone).date())
    if year is not None:
        yield Finding("in_force_from", Fault.NO_HOLIDAYS, year=year)
