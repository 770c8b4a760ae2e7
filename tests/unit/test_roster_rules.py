"""What a week of the roster may be."""

from datetime import date, time, timedelta

import pytest

from hotline.call_plan.document import Shift
from hotline.call_plan.hours import Span
from hotline.roster.rules import (
    Obstacle,
    Shortage,
    Work,
    days_of,
    faults_of_person,
    shortages,
    there,
    week_of,
    worked,
)
from tests.factories import CITY

MONDAY = date(2020, 4, 27)
TIMES = {"d": ("08:00", "20:00"), "n": ("20:00", "08:00"), "e": ("06:00", "14:00"), "l": ("12:00", "21:30")}


def _work(code: str, step: int) -> Work:
    begins, ends = (time.fromisoformat(text) for text in TIMES[code])
    shift = Shift(code=code, name_zh=code, name_en=code, begins=begins, ends=ends)
    return worked(1, shift, MONDAY + timedelta(days=step), CITY)


REST = timedelta(hours=11)


@pytest.mark.parametrize(
    ("pattern", "faults"),
    # Days from the Sunday before to the Monday after; `-` is a day off.
    [
        ("-ddddd---", []),
        ("-d-nn----", []),
        ("--nd-----", [(2, Obstacle.TOO_LITTLE_REST)]),  # home at eight, there again at eight
        ("--ne-----", [(2, Obstacle.TWICE)]),  # until eight, from six
        ("--le-----", [(2, Obstacle.TOO_LITTLE_REST)]),  # 8.5 hours
        ("--ll-----", []),
        ("nd-------", [(0, Obstacle.TOO_LITTLE_REST)]),
        ("-------nd", [(6, Obstacle.TOO_LITTLE_REST)]),  # told in this week, not in the next
        ("-ddddddd-", [(6, Obstacle.NO_DAY_OFF)]),
        ("ddddddd-d", []),
    ],
)
def test_what_one_person_may_work(pattern: str, faults: list[tuple[int, Obstacle]]) -> None:
    works = [_work(code, step) for step, code in enumerate(pattern, -1) if code != "-"]
    found = [((fault.day - MONDAY).days, fault.obstacle) for fault in faults_of_person(works, MONDAY, REST)]
    assert found == faults


@pytest.mark.parametrize(("hours", "allowed"), [(9, False), (8, True), (0, True)])
def test_a_city_says_how_long_people_rest(hours: int, allowed: bool) -> None:
    """8.5 hours lie between the late shift and the early one."""
    found = faults_of_person([_work("l", 0), _work("e", 1)], MONDAY, timedelta(hours=hours))
    assert (found == []) is allowed


def test_who_is_there_all_of_a_half_hour() -> None:
    counts = there([_work("d", 0), _work("l", 0), _work("n", -1)], MONDAY, CITY)
    assert (
        counts[0],
        counts[15],
        counts[16],
        counts[24],
        counts[39],
        counts[40],
        counts[42],
        counts[43],
    ) == ((1, 1, 1, 2, 2, 1, 1, 0))


def test_shortages_are_told_as_spans() -> None:
    needed, people = [1] * 48, [1] * 48
    needed[20:24], people[21], people[40] = [3, 5, 3, 1], 2, 0
    late = Shortage(Span(1200, 1230), 1)
    assert shortages(needed, people, ()) == [Shortage(Span(600, 690), 3), late]
    assert shortages(needed, people, {660}) == [
        Shortage(Span(600, 660), 3),
        Shortage(Span(660, 690), 2),
        late,
    ]


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2020, 5, 3)) == MONDAY
    assert days_of(MONDAY)[-1] == date(2020, 5, 3)
