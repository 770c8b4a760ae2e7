"""Working hours, and until when returns are asked for and decided."""

from datetime import datetime

import pytest

from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.profiles import profile, working_hours
from hotline.deadlines.rules import Reckoner
from hotline.tickets.states import Urgency
from tests.factories import CITY, local

COUNTING = Reckoner(ChineseCalendar(), CITY)
FLASH, NORMAL = Urgency.FLASH, Urgency.NORMAL


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2020-05-06 10:00", 2, "2020-05-06 12:00"),
        ("2020-05-06 11:00", 2, "2020-05-06 15:00"),  # over noon
        ("2020-05-06 17:00", 4, "2020-05-07 12:00"),  # over night
        ("2020-05-08 19:00", 4, "2020-05-09 15:00"),  # Saturday 9 May is worked
        ("2020-05-09 17:30", 4, "2020-05-11 14:30"),  # over a Sunday
        ("2020-04-30 17:00", 4, "2020-05-06 12:00"),  # over the holiday
        ("2020-05-06 03:00", 7, "2020-05-06 18:00"),
    ],
)
def test_working_hours_are_those_of_offices(start: str, amount: int, expected: str) -> None:
    assert COUNTING.due(local(start), working_hours(amount)) == local(expected)


def test_a_return_is_decided_in_hours_and_a_dispute_in_days() -> None:
    def decided(urgency: Urgency, disputed: bool) -> datetime:
        limits, asked = profile("seed-2011"), local("2020-05-06 16:00")
        return COUNTING.return_decided_by(limits, asked, urgency, disputed)

    assert decided(FLASH, disputed=False) == local("2020-05-06 16:15")
    assert decided(NORMAL, disputed=False) == local("2020-05-07 11:00")
    assert decided(FLASH, disputed=True) == decided(NORMAL, disputed=True) == local("2020-05-09 00:00")


def test_working_hours_go_through_no_days() -> None:
    assert COUNTING.days_of(local("2020-05-06 16:00"), working_hours(4)) == ()
