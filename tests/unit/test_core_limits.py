"""The city's own limits: what is wrong with them is found before anybody is promised anything by them."""

from datetime import timedelta

import pytest

from hotline.deadlines.calendar import PROMISES_REACH, ChineseCalendar
from hotline.deadlines.checks import LARGEST, LARGEST_EXTENSION, Fault, check
from hotline.deadlines.places import PLACES, kept, limits_of_profile, profile_of_limits, read
from hotline.deadlines.profiles import (
    PROFILES,
    Limit,
    Unit,
    days,
    hours,
    minutes,
    profile,
    working_days,
    working_hours,
)
from hotline.deadlines.rules import Reckoner
from hotline.tickets.states import Urgency
from tests.factories import CITY, local

COUNTING = Reckoner(ChineseCalendar(), CITY)
SINCE = local("2020-04-30 16:00")
SEED = limits_of_profile(profile("seed-2011"))


@pytest.mark.parametrize("name", PROFILES)
def test_every_packaged_profile_can_be_copied_and_nothing_is_wrong_with_it(name: str) -> None:
    limits = read(kept(limits_of_profile(profile(name))))
    copied = profile_of_limits("copy", limits)
    assert limits_of_profile(copied) == limits_of_profile(profile(name))
    assert check(limits, COUNTING, SINCE) == []


@pytest.mark.parametrize(
    ("place", "limit", "fault"),
    [
        ("result_urgent", None, Fault.MISSING),
        ("longest_extension", None, Fault.MISSING),
        ("result_normal", minutes(50), Fault.WRONG_UNIT),
        ("type_help", working_hours(8), Fault.WRONG_UNIT),
        ("longest_extension", hours(24), Fault.WRONG_UNIT),
        ("result_flash", hours(0), Fault.OUT_OF_RANGE),
        ("sign_normal", working_days(21), Fault.OUT_OF_RANGE),
        ("longest_extension", working_days(11), Fault.OUT_OF_RANGE),
        ("sign_urgent", days(4), Fault.AFTER_RESULT),
        ("first_contact_flash", hours(25), Fault.AFTER_RESULT),
        ("type_consultation", hours(20), Fault.AFTER_RESULT),  # before the first working day is over
        ("track_timely", days(0), Fault.AFTER_RESULT),
    ],
)
def test_what_is_wrong_is_named_at_its_place(place: str, limit: Limit | None, fault: Fault) -> None:
    limits = {name: found for name, found in {**SEED, place: limit}.items() if found is not None}
    (found,) = check(limits, COUNTING, SINCE)
    assert (found.place, found.fault, found.fault.forbids) == (place, fault, True)


def test_a_working_day_may_be_longer_than_natural_days_over_a_holiday() -> None:
    """Urgent: one working day to sign, three natural days in all. In an ordinary week that is enough time."""
    limits = {**SEED, "sign_urgent": working_days(1), "first_contact_urgent": working_days(1)}
    found = {one.place: one for one in check(limits, COUNTING, SINCE)}
    at = found["sign_urgent"].dispatched_at
    assert at is not None
    assert COUNTING.due(at, limits["sign_urgent"]) > COUNTING.due(at, limits["result_urgent"])
    assert set(found) == {"sign_urgent", "first_contact_urgent"}


def test_unknown_holidays_warn_and_forbid_nothing() -> None:
    (found,) = check(SEED, COUNTING, local("2199-03-01 09:00"))
    assert (found.place, found.fault, found.year) == ("in_force_from", Fault.NO_HOLIDAYS, 2199)
    assert not found.fault.forbids


@pytest.mark.parametrize("unit", [Unit.HOUR, Unit.NATURAL_DAY, Unit.WORKING_DAY])
@pytest.mark.parametrize("longer", LARGEST_EXTENSION)
def test_the_largest_limits_reach_no_further_than_the_warning_looks(unit: Unit, longer: Unit) -> None:
    limits = {
        **SEED,
        "result_normal": Limit(LARGEST[unit], unit),
        "longest_extension": Limit(LARGEST_EXTENSION[longer], longer),
    }
    most = profile_of_limits("most", limits)
    for start in (
        local(f"{year}-{day}") for year in range(2018, 2026) for day in ("01-10 12:00", "09-10 12:00")
    ):
        due = COUNTING.due_times(most, start, Urgency.NORMAL).result_at
        assert COUNTING.due(due - timedelta(seconds=1), most.longest_extension) - start < PROMISES_REACH


def test_a_place_is_named_once() -> None:
    assert len(set(PLACES)) == len(PLACES)
