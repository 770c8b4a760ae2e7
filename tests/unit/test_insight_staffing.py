"""People that each half hour needs, beside the seats of the plan."""

from datetime import date, time

from hotline.call_plan.default import default_plan
from hotline.call_plan.document import AnsweredBy, Days, Plan, Shift
from hotline.deadlines.calendar import ChineseCalendar
from hotline.insight.erlang import Demand, Promise, agents_needed
from hotline.insight.staffing import (
    HALF_HOURS,
    Handling,
    same_weekdays,
    seats_by_half_hour,
    staffing,
    with_skill,
)

THURSDAY, LABOUR_DAY = date(2020, 4, 30), date(2020, 5, 1)


def _shift(
    code: str, begins: str, ends: str, seats: int, days: Days = Days.EVERY, duty: bool = False
) -> Shift:
    by = AnsweredBy.DUTY if duty else AnsweredBy.AGENTS
    return Shift(
        code=code,
        name_zh=code,
        name_en=code,
        days=days,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        answered_by=by,
        seats=seats,
        phone="05325551234" if duty else "",
    )


def _plan(*shifts: Shift) -> Plan:
    return default_plan("12345", 300).model_copy(update={"shifts": shifts})


def test_seats_of_a_half_hour_are_the_fewest_at_any_minute() -> None:
    shifts = (
        _shift("day", "08:00", "16:40", 5, Days.WORKING),
        _shift("late", "14:00", "01:15", 2),
        _shift("night", "22:00", "08:00", 0, duty=True),
    )
    thursday = seats_by_half_hour(_plan(*shifts), THURSDAY, ChineseCalendar())
    at = {span: thursday[span] for span in (0, 2, 3, 15, 16, 27, 28, 33, 34, 44)}
    # 00:00, 01:00 (the late shift leaves at 01:15), 01:30, 07:30, 08:00, 13:30, 14:00, 16:30, 17:00, 22:00
    assert at == {0: 3, 2: 1, 3: 1, 15: 1, 16: 5, 27: 5, 28: 7, 33: 2, 34: 2, 44: 3}
    holiday = seats_by_half_hour(_plan(*shifts), LABOUR_DAY, ChineseCalendar())
    assert (holiday[16], holiday[20], holiday[28]) == (0, 0, 2), "the holiday has no day shift"


def test_seats_of_one_skill() -> None:
    shifts = (
        _shift("all", "08:00", "20:00", 5),
        _shift("yue", "08:00", "12:00", 2).model_copy(update={"skills": ("yue",)}),
        _shift("wu", "08:00", "12:00", 3).model_copy(update={"skills": ("wu",)}),
        _shift("night", "20:00", "08:00", 0, duty=True),
    )
    seats = seats_by_half_hour(with_skill(_plan(*shifts), "yue"), THURSDAY, ChineseCalendar())
    assert (seats[0], seats[16], seats[24]) == (0, 7, 5), "nobody at a duty telephone is known to have it"


def test_people_are_agents_and_those_who_are_away() -> None:
    calls, seats = [0.0] * HALF_HOURS, [4] * HALF_HOURS
    calls[20] = 100
    found = staffing(calls, Handling(ring=3, talk=100, wrap=17), Promise(), 0.1, seats)
    # Of the fifteen seconds twelve are left when three go by with ringing.
    agents = agents_needed(Demand(200, 120), Promise(0.95, 12))
    assert (found[20].agents, str(found[20].span)) == (agents, "10:00-10:30")
    assert agents * 1 <= found[20].people * 0.9 < agents + 0.9, "the fewest of whom nine tenths are enough"
    assert found[20].balance == 4 - found[20].people < 0
    assert (found[0].agents, found[0].people, found[0].balance) == (1, 2, 2), "somebody is there at any hour"
    nobody_away = staffing(calls, Handling(3, 100, 17), Promise(), 0.0, seats)
    assert nobody_away[20].people == agents


def test_the_last_four_same_weekdays_are_over() -> None:
    ahead = same_weekdays(date(2020, 5, 7), THURSDAY)  # the Thursday after today
    assert ahead == [date(2020, 4, 23), date(2020, 4, 16), date(2020, 4, 9), date(2020, 4, 2)]
    assert same_weekdays(LABOUR_DAY, THURSDAY)[0] == date(2020, 4, 24)
    assert same_weekdays(date(2020, 1, 1), THURSDAY)[0] == date(2020, 4, 29), "a Wednesday long ago"
