"""Clocks that stood still, and limits that are made longer."""

from datetime import datetime

import pytest

from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.profiles import days, working_days
from hotline.deadlines.rules import Reckoner
from hotline.tickets.states import Urgency
from tests.factories import CITY, local

COUNTING = Reckoner(ChineseCalendar(), CITY)
FLASH, URGENT, NORMAL = Urgency.FLASH, Urgency.URGENT, Urgency.NORMAL


@pytest.mark.parametrize(
    ("urgency", "due", "paused", "resumed", "expected"),
    [
        (NORMAL, "2020-05-14 00:00", "2020-05-11 10:00", "2020-05-18 10:00", "2020-05-21 00:00"),
        (NORMAL, "2020-05-14 00:00", "2020-05-11 10:00", "2020-05-18 15:00", "2020-05-22 00:00"),  # to 24:00
        (NORMAL, "2020-05-14 00:00", "2020-05-11 10:00", "2020-05-14 10:00", "2020-05-19 00:00"),  # Sunday
        (URGENT, "2020-05-14 00:00", "2020-05-11 10:00", "2020-05-14 10:00", "2020-05-17 00:00"),  # stays
        (FLASH, "2020-05-12 10:00", "2020-05-11 18:00", "2020-05-13 20:00", "2020-05-14 12:00"),
        (NORMAL, "2020-05-14 00:00", "2020-05-14 00:00", "2020-06-14 00:00", "2020-05-14 00:00"),  # over
        (NORMAL, "2020-05-14 00:00", "2020-05-13 23:59", "2020-05-13 23:59", "2020-05-14 00:00"),
    ],
)
def test_a_clock_that_stood_still(
    urgency: Urgency, due: str, paused: str, resumed: str, expected: str
) -> None:
    moments = [local(text) for text in (due, paused, resumed)]
    assert COUNTING.after_pause(*moments, urgency) == local(expected)


@pytest.mark.parametrize("resumed", ["2020-05-11 10:00", "2020-05-16 10:00", "2021-02-12 10:00"])
def test_a_clock_never_runs_backwards(resumed: str) -> None:
    due, paused = local("2020-05-14 00:00"), local("2020-05-11 10:00")
    for urgency in Urgency:
        assert COUNTING.after_pause(due, paused, local(resumed), urgency) >= due


@pytest.mark.parametrize(
    ("due", "by", "expected"),
    [
        ("2020-05-14 00:00", working_days(1), "2020-05-15 00:00"),
        ("2020-05-14 00:00", working_days(3), "2020-05-19 00:00"),  # over a weekend
        ("2020-05-01 00:00", working_days(1), "2020-05-07 00:00"),  # over the holiday
        ("2020-05-08 00:00", working_days(2), "2020-05-10 00:00"),  # Saturday 9 May is worked
        ("2020-05-14 15:00", working_days(1), "2020-05-16 00:00"),  # a limit of hours
        ("2020-05-14 00:00", days(2), "2020-05-16 00:00"),
    ],
)
def test_an_extension_counts_from_the_last_day(due: str, by: object, expected: str) -> None:
    longer: datetime = COUNTING.extended(local(due), by)  # type: ignore[arg-type]
    assert longer == local(expected)
