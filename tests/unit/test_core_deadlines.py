"""Due times: every profile, rest days, the city's zone, and the rulebook's fixtures (B16)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.deadlines.calculator import Matter, calculate, laid_over
from hotline.deadlines.calendar import PROMISES_REACH, ChineseCalendar, Day, DayKind, unknown_year
from hotline.deadlines.profiles import PROFILES, UnknownProfile, days, hours, profile, working_days
from hotline.deadlines.rules import Reckoner, may_ask_for_extension, shortest
from hotline.tickets.states import TicketTrack, TicketType, Urgency
from tests.factories import CITY, local

COUNTING = Reckoner(ChineseCalendar(), CITY)
FLASH, URGENT, NORMAL = Urgency.FLASH, Urgency.URGENT, Urgency.NORMAL
DISPATCHED = local("2020-04-30 16:00")  # a Thursday; 1 to 5 May are off, Saturday 9 May is worked


def result(name: str, urgency: Urgency = NORMAL, at: datetime = DISPATCHED, **kind: object) -> datetime:
    return COUNTING.due_times(profile(name), at, urgency, **kind).result_at  # type: ignore[arg-type]


def test_seven_natural_days_after_a_thursday() -> None:
    """B16, fixture 2, first half: 2020-05-07 24:00."""
    assert result("seed-2011") == local("2020-05-08 00:00")


def test_five_working_days_across_a_holiday_and_a_make_up_saturday() -> None:
    """B16, fixture 2, second half: 6, 7, 8, 9, 11 May, so 2020-05-11 24:00."""
    assert result("shandong-2020") == local("2020-05-12 00:00")


@pytest.mark.parametrize(
    ("name", "urgency", "expected"),
    [
        ("seed-2011", FLASH, "2020-05-01 16:00"),
        ("seed-2011", URGENT, "2020-05-04 00:00"),  # Sunday 3 May: an urgent day does not move
        ("seed-2011", NORMAL, "2020-05-08 00:00"),
        ("shandong-2020", URGENT, "2020-05-04 00:00"),
        ("shandong-2020", NORMAL, "2020-05-12 00:00"),
        ("shandong-2017-prov", NORMAL, "2020-05-26 00:00"),
        ("sichuan-2025", NORMAL, "2020-05-26 00:00"),
        ("kaijiang-2022", NORMAL, "2020-05-19 00:00"),
        ("beijing-draft-2021", FLASH, "2020-04-30 18:00"),
        ("beijing-draft-2021", URGENT, "2020-05-01 16:00"),
        ("beijing-draft-2021", NORMAL, "2020-05-08 00:00"),
        ("mayor-line", FLASH, "2020-05-01 00:00"),
        ("mayor-line", URGENT, "2020-05-09 00:00"),
        ("mayor-line", NORMAL, "2020-05-12 00:00"),
        ("qingdao-enterprise-2115", NORMAL, "2020-05-26 00:00"),
        ("137", NORMAL, "2020-05-08 00:00"),
    ],
)
def test_result_by_profile(name: str, urgency: Urgency, expected: str) -> None:
    assert result(name, urgency) == local(expected)


def test_every_profile_is_tested_above_and_counts_every_urgency() -> None:
    assert set(PROFILES) == {
        "seed-2011",
        "shandong-2020",
        "shandong-2017-prov",
        "sichuan-2025",
        "kaijiang-2022",
        "beijing-draft-2021",
        "mayor-line",
        "qingdao-enterprise-2115",
        "137",
    }
    for name in PROFILES:
        due = [result(name, urgency) for urgency in (FLASH, URGENT, NORMAL)]
        assert due == sorted(due), name
        assert due[0] > DISPATCHED, name


def test_only_the_assumed_profile_says_so() -> None:
    assert [name for name, limits in PROFILES.items() if limits.assumed] == ["137"]


@pytest.mark.parametrize(
    ("name", "type_", "expected"),
    [
        ("sichuan-2025", TicketType.CONSULTATION, "2020-05-09 00:00"),
        ("sichuan-2025", TicketType.HELP, "2020-05-14 00:00"),
        ("sichuan-2025", TicketType.SUGGESTION, "2020-05-14 00:00"),
        ("sichuan-2025", TicketType.COMPLAINT, "2020-05-26 00:00"),
        ("kaijiang-2022", TicketType.CONSULTATION, "2020-05-09 00:00"),
        ("kaijiang-2022", TicketType.SUGGESTION, "2020-05-12 00:00"),
        ("kaijiang-2022", TicketType.REPORT, "2020-05-19 00:00"),
    ],
)
def test_result_by_type(name: str, type_: TicketType, expected: str) -> None:
    assert result(name, type=type_) == local(expected)


def test_the_shorter_of_urgency_and_type_wins() -> None:
    assert result("sichuan-2025", FLASH, type=TicketType.COMPLAINT) == local("2020-05-01 16:00")


def test_joint_handling_has_longer_in_beijings_draft() -> None:
    assert result("beijing-draft-2021", track=TicketTrack.COORDINATED) == local("2020-05-16 00:00")


def test_sign_and_first_contact_by_urgency() -> None:
    def limits(urgency: Urgency, name: str = "seed-2011") -> tuple[datetime, datetime]:
        due = COUNTING.due_times(profile(name), DISPATCHED, urgency)
        return due.sign_at, due.contact_at

    assert limits(FLASH) == (local("2020-04-30 16:15"), local("2020-04-30 16:30"))
    assert limits(URGENT) == (local("2020-04-30 17:00"), local("2020-04-30 18:00"))
    assert limits(NORMAL) == (local("2020-05-07 00:00"), local("2020-05-07 00:00"))
    assert limits(NORMAL, "qingdao-enterprise-2115")[1] == local("2020-04-30 18:00")
    assert limits(NORMAL, "137")[0] == local("2020-05-02 00:00")


def test_a_normal_due_day_moves_off_rest_days_and_an_urgent_one_does_not() -> None:
    friday = local("2020-05-15 10:00")
    on_saturday = days(8)
    assert COUNTING.due(friday, on_saturday) == local("2020-05-24 00:00")
    assert COUNTING.due(friday, on_saturday, moves_off_rest_days=True) == local("2020-05-26 00:00")


def test_a_rest_day_that_is_worked_is_kept() -> None:
    thursday = local("2020-05-02 09:00")
    assert COUNTING.due(thursday, days(7), moves_off_rest_days=True) == local("2020-05-10 00:00")


def test_hours_do_not_stop_at_night_or_for_holidays() -> None:
    assert COUNTING.due(local("2020-05-01 23:30"), hours(24)) == local("2020-05-02 23:30")


def test_days_are_the_citys_and_times_are_utc() -> None:
    """17:30 UTC on 30 April is 01:30 on 1 May in the city: the first day counted is 2 May."""
    due = COUNTING.due(datetime(2020, 4, 30, 17, 30, tzinfo=UTC), days(1))
    assert due == local("2020-05-03 00:00")
    assert due.tzinfo is UTC
    assert due.isoformat() == "2020-05-02T16:00:00+00:00"


def test_the_citys_summer_time_of_1986_is_kept() -> None:
    """Clocks went forward on 4 May 1986 at 02:00: a day that ends in summer time ends at 15:00 UTC."""
    assert COUNTING.due(local("1986-05-03 12:00"), days(1)).isoformat() == "1986-05-04T15:00:00+00:00"
    assert COUNTING.due(local("1986-05-02 12:00"), days(1)).isoformat() == "1986-05-03T16:00:00+00:00"


def test_a_year_without_holidays_is_monday_to_friday_with_a_warning() -> None:
    calendar = ChineseCalendar()
    assert not calendar.covers(date(2199, 10, 1))
    assert calendar.is_working_day(date(2199, 10, 1))  # a Tuesday, and the national day
    due = COUNTING.due_times(profile("seed-2011"), local("2199-10-01 09:00"), NORMAL)
    assert not due.calendar_known
    assert COUNTING.due_times(profile("seed-2011"), DISPATCHED, NORMAL).calendar_known


def test_the_warning_also_comes_when_only_the_end_lies_in_an_unknown_year() -> None:
    last_known = max(year for year in range(2020, 2100) if ChineseCalendar().covers(date(year, 1, 1)))
    due = COUNTING.due_times(profile("seed-2011"), local(f"{last_known}-12-30 09:00"), NORMAL)
    assert not due.calendar_known


def test_a_leaders_instruction_brings_the_due_time_forward_only() -> None:
    """B16, fixture 4: the earlier of the old due time and three days from the instruction."""
    due = result("shandong-2017-prov")
    instructed = local("2020-05-06 11:00")
    assert COUNTING.after_instruction(due, instructed) == local("2020-05-10 00:00")
    soon = local("2020-05-07 00:00")
    assert COUNTING.after_instruction(soon, instructed) == soon


@pytest.mark.parametrize(
    ("urgency", "ends"),
    [(NORMAL, "2020-05-08 00:00"), (URGENT, "2020-04-30 20:00"), (FLASH, "2020-04-30 16:15")],
)
def test_the_window_for_returns(urgency: Urgency, ends: str) -> None:
    """B16, fixture 5: two working days for a normal ticket, so the third is too late."""
    assert COUNTING.return_window_ends(profile("seed-2011"), DISPATCHED, urgency) == local(ends)


def test_an_extension_is_asked_for_before_the_due_time() -> None:
    """B16, fixture 10: one minute after is too late; and never for flash tickets."""
    due = local("2020-05-08 00:00")
    minute = timedelta(minutes=1)
    assert may_ask_for_extension(NORMAL, due, due - minute)
    assert not may_ask_for_extension(NORMAL, due, due)
    assert not may_ask_for_extension(NORMAL, due, due + minute)
    assert not may_ask_for_extension(FLASH, due, due - minute)


def test_rework_has_half_of_the_limit_and_a_day_at_least() -> None:
    now = local("2020-05-10 09:00")
    assert COUNTING.rework_due(DISPATCHED, local("2020-05-08 16:00"), now) == local("2020-05-15 00:00")
    assert COUNTING.rework_due(DISPATCHED, local("2020-04-30 18:00"), now) == local("2020-05-12 00:00")


def test_an_unknown_profile_names_those_that_exist() -> None:
    with pytest.raises(UnknownProfile, match=r"'shanghai'.*seed-2011.*137"):
        profile("shanghai")


def test_no_working_days_is_today() -> None:
    assert COUNTING.due(DISPATCHED, working_days(0)) == local("2020-05-01 00:00")


@pytest.mark.parametrize(
    ("day", "kind", "holiday"),
    [
        ("2020-04-30", DayKind.WORKED, ""),
        ("2020-05-01", DayKind.HOLIDAY, "Labour Day"),
        ("2020-05-02", DayKind.HOLIDAY, "Labour Day"),  # a Saturday within the holidays
        ("2020-05-09", DayKind.MAKE_UP, "Labour Day"),
        ("2020-05-10", DayKind.WEEKEND, ""),
        ("2199-10-05", DayKind.WEEKEND, ""),
        ("2199-10-01", DayKind.WORKED, ""),
    ],
)
def test_every_day_says_why_it_is_worked_or_not(day: str, kind: DayKind, holiday: str) -> None:
    found = ChineseCalendar().day(date.fromisoformat(day))
    assert found == Day(date.fromisoformat(day), kind, holiday)
    assert found.is_worked is ChineseCalendar().is_working_day(found.date)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("kind", [None, *TicketType])
def test_the_calculator_promises_what_dispatch_promises(
    name: str, urgency: Urgency, kind: TicketType | None
) -> None:
    for track in (None, *TicketTrack):
        for start in ("2020-04-30 16:00", "2020-09-30 23:59", "2021-02-07 08:00", "2020-05-02 12:00"):
            at = local(start)
            found = calculate(COUNTING, profile(name), Matter(at, urgency, kind, track))
            promised = COUNTING.due_times(profile(name), at, urgency, kind, track)
            assert (found.sign.due_at, found.contact.due_at) == (promised.sign_at, promised.contact_at)
            assert found.result.due_at == promised.result_at


def test_the_days_on_the_way_are_counted_or_passed_over() -> None:
    found = calculate(COUNTING, profile("shandong-2020"), Matter(DISPATCHED, NORMAL))
    counted = [day.day.date.day for day in found.result.days if day.counts]
    assert counted == [6, 7, 8, 9, 11]
    assert [day.date.day for day in found.result.passed_over] == [1, 2, 3, 4, 5, 10]
    assert [day.date.day for day in found.result.make_up] == [9]


def test_natural_days_pass_over_the_rest_days_at_the_end_alone() -> None:
    """Seven days from Saturday 25 April end on Saturday 2 May, within the holidays: so on 6 May."""
    found = calculate(COUNTING, profile("seed-2011"), Matter(local("2020-04-25 10:00"), NORMAL))
    assert found.result.due_at == local("2020-05-07 00:00")
    assert [day.date.day for day in found.result.passed_over] == [2, 3, 4, 5]
    assert len([day for day in found.result.days if day.counts]) == 7
    urgent = calculate(COUNTING, profile("seed-2011"), Matter(DISPATCHED, URGENT))
    assert urgent.result.passed_over == ()


def test_hours_go_through_no_days() -> None:
    assert COUNTING.days_of(DISPATCHED, hours(24)) == ()
    assert COUNTING.days_of(DISPATCHED, days(0)) == ()


class _Knows(ChineseCalendar):
    """Knows the holidays up to a year."""

    def __init__(self, last: int) -> None:
        self.last = last

    def covers(self, day: date) -> bool:
        return day.year <= self.last


@pytest.mark.parametrize(
    ("today", "known", "missing"),
    [
        ("2026-06-30", 2026, None),  # next year's are not published yet, and nobody promises that far
        ("2026-11-01", 2026, None),
        ("2026-11-02", 2026, 2027),  # sixty days on lies in the next year
        ("2026-12-31", 2027, None),
        ("2027-01-01", 2026, 2027),
    ],
)
def test_a_year_is_missing_once_promises_reach_it(today: str, known: int, missing: int | None) -> None:
    assert unknown_year(_Knows(known), date.fromisoformat(today)) == missing


@pytest.mark.parametrize("name", PROFILES)
def test_no_promise_reaches_further_than_the_warning_looks(name: str) -> None:
    """The longest limit and the longest extension, over the longest holidays that are known."""
    limits = profile(name)
    for start in (
        local(f"{year}-{day}") for year in range(2018, 2026) for day in ("01-10 12:00", "09-10 12:00")
    ):
        for kind in (None, *TicketType):
            due = result(name, at=start, type=kind)
            assert COUNTING.due(due - timedelta(seconds=1), limits.longest_extension) - start < PROMISES_REACH


@pytest.mark.parametrize("urgency", Urgency)
def test_of_two_profiles_each_limit_is_that_which_ends_earlier(urgency: Urgency) -> None:
    first, second = profile("mayor-line"), profile("137")
    one, other = (COUNTING.due_times(limits, DISPATCHED, urgency) for limits in (first, second))
    both = shortest([one, other])
    assert both.sign_at == min(one.sign_at, other.sign_at)
    assert both.result_at == min(one.result_at, other.result_at)
    matter = Matter(DISPATCHED, urgency)
    shown = laid_over(calculate(COUNTING, first, matter), calculate(COUNTING, second, matter))
    assert (shown.sign.due_at, shown.contact.due_at, shown.result.due_at) == (
        both.sign_at,
        both.contact_at,
        both.result_at,
    )


def test_137_shortens_what_takes_fifteen_working_days() -> None:
    long, short = profile("shandong-2017-prov"), profile("137")
    both = shortest([COUNTING.due_times(limits, DISPATCHED, NORMAL) for limits in (long, short)])
    assert both.result_at == local("2020-05-08 00:00")
    assert both.sign_at == local("2020-05-02 00:00")
