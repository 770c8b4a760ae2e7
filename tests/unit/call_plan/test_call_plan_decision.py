"""Where a call goes, told by a table: days, shifts, nights, holidays of 2026, languages, leaders, surges."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from hotline.call_plan.decision import Banner, Decision, Incoming, Route, StepKind, decide
from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo, Plan
from hotline.call_plan.wait import Waypoint
from hotline.deadlines.calendar import ChineseCalendar
from tests.unit.call_plan.plans import chain, line, own_line, plan, shift

CITY = ZoneInfo("Asia/Shanghai")
MESSAGE, WIDER, DUTY, CHAIN = OverflowTo.MESSAGE, OverflowTo.WIDER, OverflowTo.DUTY, OverflowTo.CHAIN
SKILL = OverflowTo.SKILL

A_CITY = plan(
    lines=[
        own_line(),
        line("12320", skill="health", department="water", greeting="health-greeting", shifts=["office"]),
        line("12319", shifts=["office"], when_closed="line", closed_line="12345"),
        line("12318", shifts=["office"], when_closed="duty", closed_phone="05325551234"),
        line("12317", shifts=["friday-night"]),
        line("12316", tongue="cantonese", priority=3),
    ],
    shifts=[
        shift("office", "08:30", "17:30", days="working", seats=10),
        shift("weekend", "08:30", "17:30", days="off", seats=5),
        shift("evening", "17:30", "22:00", seats=4, skills=["health"]),
        shift("night", "22:00", "08:30", answered_by="duty", phone="1001", greeting="night-greeting"),
        shift("friday-night", "21:00", "02:00", days="working"),
    ],
    exceptions=[{"day": "2026-11-25", "treated_as": "off", "note": "停电"}],
    tongues=[
        {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"},
        {"code": "cantonese", "name_zh": "粤语", "name_en": "Cantonese", "skill": "cantonese"},
        {
            "code": "english",
            "name_zh": "英语",
            "name_en": "English",
            "prompts": "en",
            "greeting": "english-greeting",
        },
    ],
    leaders=[
        LeaderSlot(
            leader="李局长",
            number="12320",
            day=date(2026, 11, 24),
            begins=time(9),
            ends=time(11),
            phone="1009",
            scope="供水",
        )
    ],
)


def at(text: str, dialled: str = "12345", by: Plan = A_CITY, **call: object) -> Decision:
    """The decision for a call at `2026-10-01 03:10` on the city's clock."""
    moment = datetime.fromisoformat(text).replace(tzinfo=CITY)
    return decide(by, Incoming(moment, dialled, **call), ChineseCalendar())  # type: ignore[arg-type]


def shift_of(decision: Decision) -> str:
    """Which shifts the story names."""
    return next((step.facts["name_en"] for step in decision.steps if step.kind is StepKind.SHIFT), "")


@pytest.mark.parametrize(
    ("moment", "shifts", "route"),
    [
        ("2026-11-23 10:00", "office shift", Route.QUEUE),  # Monday
        ("2026-11-21 10:00", "weekend shift", Route.QUEUE),  # Saturday
        ("2026-10-01 10:00", "weekend shift", Route.QUEUE),  # National Day, a Thursday
        ("2026-10-10 10:00", "office shift", Route.QUEUE),  # a Saturday that is worked to make up
        ("2026-11-25 10:00", "weekend shift", Route.QUEUE),  # a Wednesday that the plan excepts
        ("2026-11-23 08:29", "night shift", Route.DUTY),
        ("2026-11-23 08:30", "office shift", Route.QUEUE),
        ("2026-11-23 17:30", "evening shift", Route.QUEUE),
        ("2026-11-23 22:00", "night shift, friday-night shift", Route.QUEUE),
        ("2026-10-01 00:00", "night shift, friday-night shift", Route.QUEUE),  # begun on Wednesday
        ("2026-10-01 03:10", "night shift", Route.DUTY),
        ("2026-10-02 01:00", "night shift", Route.DUTY),  # no friday-night began on a holiday
        ("2026-12-31 23:59", "night shift, friday-night shift", Route.QUEUE),
        ("2027-01-01 00:00", "night shift, friday-night shift", Route.QUEUE),
    ],
)
def test_the_shift_of_a_moment(moment: str, shifts: str, route: Route) -> None:
    decision = at(moment)
    assert (shift_of(decision), decision.route) == (shifts, route)


@pytest.mark.parametrize(
    ("moment", "dialled", "route", "phone"),
    [
        ("2026-11-23 10:00", "12320", Route.QUEUE, ""),
        ("2026-11-23 18:00", "12320", Route.MESSAGE, ""),
        ("2026-11-23 18:00", "12319", Route.QUEUE, ""),  # on to 12345
        ("2026-11-23 23:30", "12319", Route.QUEUE, ""),
        ("2026-11-24 03:00", "12319", Route.DUTY, "1001"),  # on to 12345, whose night it is
        ("2026-11-23 18:00", "12318", Route.DUTY, "05325551234"),
        ("2026-11-24 01:59", "12317", Route.QUEUE, ""),  # Monday's shift, past midnight
        ("2026-11-24 02:00", "12317", Route.MESSAGE, ""),
        ("2026-11-23 10:00", "99999", Route.UNKNOWN, ""),
        ("2026-11-23 10:00", "", Route.UNKNOWN, ""),
    ],
)
def test_lines_with_hours_of_their_own(moment: str, dialled: str, route: Route, phone: str) -> None:
    decision = at(moment, dialled)
    assert (decision.route, decision.phone) == (route, phone)


@pytest.mark.parametrize(
    ("moment", "call", "skill", "language", "tongue"),
    [
        ("2026-11-23 10:00", {}, "", "", ""),
        ("2026-11-23 10:00", {"dialled": "12320"}, "health", "", ""),
        ("2026-11-23 10:00", {"tongue": "cantonese"}, "cantonese", "zh", "cantonese"),
        ("2026-11-23 10:00", {"keys": "8"}, "cantonese", "zh", "cantonese"),
        ("2026-11-23 10:00", {"keys": "89"}, "", "en", "english"),
        ("2026-11-23 10:00", {"keys": "x1"}, "", "", ""),
        ("2026-11-23 10:00", {"dialled": "12316"}, "cantonese", "zh", "cantonese"),
        ("2026-11-23 10:00", {"dialled": "12316", "keys": "7"}, "", "zh", "mandarin"),
        # The evening has no seat for Cantonese: the caller must not wait for nobody.
        ("2026-11-23 18:00", {"tongue": "cantonese"}, "", "zh", "cantonese"),
        ("2026-11-23 10:00", {"tongue": "klingon"}, "", "", ""),
    ],
)
def test_language_and_skill(
    moment: str, call: Mapping[str, str], skill: str, language: str, tongue: str
) -> None:
    decision = at(moment, **call)
    assert (decision.skill, decision.language, decision.tongue) == (skill, language, tongue)


@pytest.mark.parametrize(
    ("moment", "call", "prompts"),
    [
        ("2026-11-23 10:00", {}, ["greeting", "recording-notice"]),
        ("2026-11-23 10:00", {"dialled": "12320"}, ["health-greeting", "recording-notice"]),
        ("2026-11-24 03:10", {}, ["night-greeting", "recording-notice"]),
        ("2026-11-23 10:00", {"keys": "9", "dialled": "12320"}, ["english-greeting", "recording-notice"]),
        ("2026-11-23 10:00", {"surge": Banner(("surge-1",))}, ["greeting", "surge-1", "recording-notice"]),
        ("2026-11-23 10:00", {"surge": Banner()}, ["greeting", "recording-notice"]),
    ],
)
def test_what_is_heard_first(moment: str, call: Mapping[str, object], prompts: list[str]) -> None:
    assert list(at(moment, **call).prompts) == prompts  # type: ignore[arg-type]


def test_a_surge_plays_the_prepared_banner() -> None:
    prepared = plan(surge={"banner": "surge-banner"})
    decision = at("2026-11-23 10:00", by=prepared, surge=Banner())
    assert decision.prompts == ("greeting", "surge-banner", "recording-notice")


@pytest.mark.parametrize(
    ("moment", "dialled", "keys", "route", "phone"),
    [
        ("2026-11-24 08:59", "12320", "", Route.QUEUE, ""),
        ("2026-11-24 09:00", "12320", "", Route.LEADER, "1009"),
        ("2026-11-24 10:59", "12320", "", Route.LEADER, "1009"),
        ("2026-11-24 11:00", "12320", "", Route.QUEUE, ""),
        ("2026-11-24 09:30", "12345", "", Route.QUEUE, ""),
        ("2026-11-24 09:30", "12320", "0", Route.QUEUE, ""),  # outside the scope: to the agents
        ("2026-11-23 09:30", "12320", "", Route.QUEUE, ""),
    ],
)
def test_a_leader_on_the_line(moment: str, dialled: str, keys: str, route: Route, phone: str) -> None:
    decision = at(moment, dialled, keys=keys)
    assert (decision.route, decision.phone) == (route, phone)


@pytest.mark.parametrize(("announced", "told"), [("never", ""), ("waiting", "keys"), ("first", "keys")])
def test_keys_are_told_to_those_who_wait(announced: str, told: str) -> None:
    greeting = {"greeting": "greeting", "notice": "recording-notice", "keys_prompt": "keys"}
    decision = at("2026-11-23 10:00", by=plan(greeting=greeting | {"keys_announced": announced}))
    assert decision.keys_prompt == told
    assert decision.prompts == ("greeting", "recording-notice")


def test_chains_of_overflow_become_one_row_of_steps() -> None:
    chained = plan(
        overflows=[
            chain("main", (60, WIDER), OverflowStep(after_seconds=90, to=CHAIN, chain="late"), (95, MESSAGE)),
            chain("late", OverflowStep(after_seconds=30, to=DUTY, phone="1001"), (60, MESSAGE), (70, WIDER)),
        ]
    )
    assert at("2026-11-23 10:00", by=chained).overflow == (
        Waypoint(60, WIDER),
        Waypoint(120, DUTY, phone="1001", ring_seconds=30),
        Waypoint(150, MESSAGE),
    )


SKILLED = [
    {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"},
    {"code": "yue", "name_zh": "粤语", "name_en": "Cantonese", "skill": "cantonese", "skill_seconds": 25},
]
ALL_DAY = [shift("all", "00:00", "00:00")]


@pytest.mark.parametrize(
    ("tongue", "line_skill", "shifts", "skills"),
    [
        ("yue", "health", ALL_DAY, ["cantonese", "25 health", "40 tax", "60 wider"]),
        ("mandarin", "health", ALL_DAY, ["health", "40 tax", "60 wider"]),
        ("yue", "", ALL_DAY, ["cantonese", "40 tax", "60 wider"]),
        ("yue", "cantonese", ALL_DAY, ["cantonese", "40 tax", "60 wider"]),
        # Nobody on has the skill of the line, or of the language: it is passed over.
        ("yue", "health", [shift("all", "00:00", "00:00", skills=["cantonese"])], ["cantonese", "60 wider"]),
        ("yue", "health", [shift("all", "00:00", "00:00", skills=["health"])], ["health", "60 wider"]),
        # Everybody is asked from the beginning: nobody is left out again.
        ("", "", ALL_DAY, ["", "60 wider"]),
    ],
)
def test_a_language_first_then_the_lines_skill_then_those_of_the_chain(
    tongue: str, line_skill: str, shifts: list[object], skills: list[str]
) -> None:
    steps = chain("main", OverflowStep(after_seconds=40, to=SKILL, skill="tax"), (60, WIDER), (90, MESSAGE))
    by = plan(lines=[own_line(skill=line_skill)], shifts=shifts, tongues=SKILLED, overflows=[steps])
    decision = at("2026-11-23 10:00", by=by, tongue=tongue)
    asked = [one for one in decision.overflow if one.to in (SKILL, WIDER)]
    told = [f"{one.after_seconds} {one.skill or one.to}" for one in asked]
    assert [decision.skill, *told] == skills


@pytest.mark.parametrize(
    ("seconds", "rings", "at_once"), [(90, 30, "yes"), (91, 30, ""), (70, 5, ""), (65, 5, "yes")]
)
def test_the_story_says_whether_an_unanswered_telephone_leads_back_to_the_queue(
    seconds: int, rings: int, at_once: str
) -> None:
    first = OverflowStep(after_seconds=60, to=DUTY, phone="1001", ring_seconds=rings)
    steps = chain("main", first, OverflowStep(after_seconds=seconds, to=DUTY, phone="1002"))
    decision = at("2026-11-23 10:00", by=plan(overflows=[steps]))
    told = [step.facts for step in decision.steps if step.kind is StepKind.OVERFLOW]
    assert [(one["phone"], one["at_once"]) for one in told] == [("1001", at_once), ("1002", "")]
    assert StepKind.NO_END in {step.kind for step in decision.steps}


def test_plans_with_loops_still_decide() -> None:
    looping = plan(
        lines=[
            own_line(shifts=["none"], when_closed="line", closed_line="12320"),
            line(shifts=["none"], when_closed="line", closed_line="12345"),
        ],
        overflows=[chain("main", OverflowStep(after_seconds=5, to=CHAIN, chain="main"))],
    )
    decision = at("2026-11-23 10:00", by=looping)
    assert decision.route is Route.MESSAGE
    assert StepKind.LOOP in {step.kind for step in decision.steps}


def test_the_story_of_a_call_at_night_on_a_holiday_in_cantonese() -> None:
    night = [shift("day", "08:00", "20:00"), shift("night", "20:00", "08:00", skills=["health"])]
    by = plan(shifts=night, tongues=A_CITY.model_dump()["tongues"])
    decision = at("2026-10-01 03:10", by=by, tongue="cantonese")
    told = [step.kind for step in decision.steps if step.kind is not StepKind.KEY]
    assert told == [
        StepKind.DIALLED,
        StepKind.DAY,
        StepKind.TONGUE,
        StepKind.SHIFT,
        StepKind.PROMPTS,
        StepKind.SKILL_NOT_ON,
        StepKind.QUEUE,
        StepKind.OVERFLOW,
        StepKind.OVERFLOW,
    ]
    [day] = [step for step in decision.steps if step.kind is StepKind.DAY]
    assert day.facts == {"date": "2026-10-01", "days": "off", "reason": "calendar", "note": ""}
