"""The checker: each thing that it can find, found where it is and nowhere else."""

from collections.abc import Mapping
from datetime import date, time

import pytest
from pydantic import ValidationError

from hotline.call_plan.checks import check
from hotline.call_plan.document import LeaderSlot, OverflowStep, OverflowTo
from hotline.call_plan.findings import Code, Place, Severity
from tests.unit.call_plan.plans import around, chain, found, line, own_line, plan, shift

MESSAGE, WIDER, DUTY, CHAIN = OverflowTo.MESSAGE, OverflowTo.WIDER, OverflowTo.DUTY, OverflowTo.CHAIN
SKILL = OverflowTo.SKILL
DAY, NIGHT = shift("day", "08:00", "20:00"), shift("night", "20:00", "08:00")
TONGUES = [
    {"code": "mandarin", "name_zh": "普通话", "name_en": "Mandarin"},
    {"code": "cantonese", "name_zh": "粤语", "name_en": "Cantonese", "skill": "cantonese"},
]
GREETING = {"greeting": "greeting", "notice": "recording-notice"}


def tongues(**fields: object) -> list[Mapping[str, object]]:
    """Mandarin, and Cantonese with other fields."""
    return [TONGUES[0], TONGUES[1] | fields]


def slot(leader: str = "李局长", **fields: object) -> LeaderSlot:
    """A leader on the health line on 1 December from 9 to 11."""
    return LeaderSlot.model_validate(
        {
            "leader": leader,
            "number": "12320",
            "day": date(2026, 12, 1),
            "begins": time(9),
            "ends": time(11),
            "phone": "1009",
            **fields,
        }
    )


def step(after_seconds: int, to: OverflowTo, **fields: str) -> OverflowStep:
    return OverflowStep(after_seconds=after_seconds, to=to, **fields)


KEYS = {
    "cantonese": {"key": "8", "deed": "language", "tongue": "cantonese"},
    "mandarin": {"key": "7", "deed": "language", "tongue": "mandarin"},
}
WITH_LINE = [own_line(), line()]

CASES: list[tuple[Code, Place, Mapping[str, object]]] = [
    (Code.MAIN_NUMBER_MISSING, Place("lines"), {"lines": [line()]}),
    (Code.NUMBER_TWICE, Place("lines", 1, "number"), {"lines": [own_line(), own_line()]}),
    (Code.NUMBER_IS_EMERGENCY, Place("lines", 1, "number"), {"lines": [own_line(), line("119")]}),
    (Code.NUMBER_IS_EXTENSION, Place("lines", 1, "number"), {"lines": [own_line(), line("1001")]}),
    (Code.CODE_TWICE, Place("shifts", 2, "code"), {"shifts": [DAY, NIGHT, DAY]}),
    (
        Code.DATE_TWICE,
        Place("exceptions", 1, "day"),
        {"exceptions": [{"day": "2026-12-24", "treated_as": "off"}] * 2},
    ),
    (
        Code.KEY_TWICE,
        Place("shortcuts", 1, "key"),
        {"shortcuts": [{"key": "1", "deed": "progress"}, {"key": "1", "deed": "message"}]},
    ),
    (Code.UNKNOWN_SHIFT, Place("lines", 1, "shifts"), {"lines": [own_line(), line(shifts=["evening"])]}),
    (Code.UNKNOWN_TONGUE, Place("lines", 1, "tongue"), {"lines": [own_line(), line(tongue="uyghur")]}),
    (Code.UNKNOWN_CHAIN, Place("lines", 0, "overflow"), {"lines": [own_line(overflow="quick")]}),
    (
        Code.UNKNOWN_CHAIN,
        Place("overflows", 0, "chain"),
        {"overflows": [chain("main", step(30, CHAIN, chain="nowhere"))]},
    ),
    (
        Code.UNKNOWN_LINE,
        Place("lines", 1, "closed_line"),
        {"lines": [own_line(), line(shifts=["day"], when_closed="line", closed_line="99999")]},
    ),
    (
        Code.UNKNOWN_LINE,
        Place("lines", 1, "closed_line"),
        {"lines": [own_line(), line(shifts=["day"], when_closed="line")]},
    ),
    (Code.UNKNOWN_LINE, Place("leaders", 0, "number"), {"leaders": [slot()]}),
    (Code.UNKNOWN_SKILL, Place("lines", 0, "skill"), {"lines": [own_line(skill="tax")]}),
    (
        Code.UNKNOWN_SKILL,
        Place("shifts", 0, "skills"),
        {"shifts": [shift("day", "00:00", "00:00", skills=["tax"])]},
    ),
    (Code.UNKNOWN_DEPARTMENT, Place("lines", 0, "department"), {"lines": [own_line(department="moon")]}),
    (Code.PROMPT_MISSING, Place("lines", 0, "greeting"), {"lines": [own_line(greeting="hello")]}),
    (Code.PROMPT_MISSING, Place("surge", None, "banner"), {"surge": {"banner": "water-is-off"}}),
    (Code.PROMPT_UNSET, Place("greeting", None, "notice"), {"greeting": GREETING | {"notice": ""}}),
    (
        Code.PROMPT_UNSET,
        Place("greeting", None, "keys_prompt"),
        {"greeting": GREETING | {"keys_announced": "waiting"}},
    ),
    (
        Code.PHONE_MISSING,
        Place("shifts", 1, "phone"),
        {"shifts": [DAY, shift("night", "20:00", "08:00", answered_by="duty")]},
    ),
    (
        Code.PHONE_MISSING,
        Place("overflows", 0, "phone"),
        {"overflows": [chain("main", (30, DUTY), (60, MESSAGE))]},
    ),
    (
        Code.PHONE_IS_OURS,
        Place("shifts", 1, "phone"),
        {"shifts": [DAY, shift("night", "20:00", "08:00", answered_by="duty", phone="12345")]},
    ),
    (
        Code.PHONE_REFUSED,
        Place("overflows", 0, "phone"),
        {"overflows": [chain("main", step(30, DUTY, phone="16888888"), (60, MESSAGE))]},
    ),
    (Code.PHONE_REFUSED, Place("leaders", 0, "phone"), {"leaders": [slot(phone="16888888")]}),
    (
        Code.TONGUE_UNSET,
        Place("shortcuts", 0, "tongue"),
        {"shortcuts": [{"key": "9", "deed": "language"}]},
    ),
    (
        Code.LINE_LOOP,
        Place("lines", 1, "closed_line"),
        {
            "lines": [
                own_line(),
                line(shifts=["day"], when_closed="line", closed_line="12319"),
                line("12319", shifts=["day"], when_closed="line", closed_line="12320"),
            ]
        },
    ),
    (
        Code.CHAIN_LOOP,
        Place("overflows", 1, "chain"),
        {
            "overflows": [
                chain("main", step(30, CHAIN, chain="late")),
                chain("late", step(30, CHAIN, chain="main")),
            ]
        },
    ),
    (
        Code.STEP_UNREACHABLE,
        Place("overflows", 0, "after_seconds"),
        {"overflows": [chain("main", (60, MESSAGE), (90, WIDER))]},
    ),
    (
        Code.STEP_UNREACHABLE,
        Place("overflows", 0, "after_seconds"),
        {"overflows": [chain("main", (60, WIDER), (60, WIDER), (90, MESSAGE))]},
    ),
    (
        Code.STEP_UNREACHABLE,
        Place("overflows", 0, "after_seconds"),
        {"overflows": [chain("main", (20, WIDER), step(40, SKILL, skill="health"), (60, MESSAGE))]},
    ),
    (
        Code.SKILL_UNSET,
        Place("overflows", 0, "skill"),
        {"overflows": [chain("main", (20, SKILL), (60, MESSAGE))]},
    ),
    (
        Code.UNKNOWN_SKILL,
        Place("overflows", 0, "skill"),
        {"overflows": [chain("main", step(20, SKILL, skill="tax"), (60, MESSAGE))]},
    ),
    (
        Code.SKILL_NEVER_ASKED,
        Place("lines", 0, "skill"),
        {
            "tongues": tongues(skill_seconds=20),
            "lines": [own_line(skill="health")],
            "overflows": [chain("main", (20, WIDER), (60, MESSAGE))],
        },
    ),
    (Code.CHAIN_WITHOUT_END, Place("overflows", 0), {"overflows": [chain("main", (60, WIDER))]}),
    (
        Code.CHAIN_UNUSED,
        Place("overflows", 1),
        {"overflows": [chain("main", (60, MESSAGE)), chain("other", (60, MESSAGE))]},
    ),
    (
        Code.SHIFT_UNUSED,
        Place("shifts", 2),
        {
            "shifts": [DAY, NIGHT, shift("noon", "12:00", "13:00")],
            "lines": [own_line(shifts=["day", "night"])],
        },
    ),
    (Code.TONGUE_UNREACHABLE, Place("tongues", 1), {"tongues": tongues(), "shortcuts": []}),
    (
        Code.CLOSED_UNREACHABLE,
        Place("lines", 1, "when_closed"),
        {"lines": [own_line(), line(when_closed="line", closed_line="12345")]},
    ),
    (Code.NOBODY, Place("shifts"), {"shifts": [DAY]}),
    (Code.NOBODY, Place("shifts"), {"shifts": [DAY, shift("night", "20:00", "08:00", days="working")]}),
    (Code.NOBODY, Place("lines", 0, "shifts"), {"lines": [own_line(shifts=["day"])]}),
    (Code.MESSAGE_ONLY, Place("lines", 1, "when_closed"), {"lines": [own_line(), line(shifts=["day"])]}),
    (
        Code.TOO_FEW_SEATS,
        Place("minimums"),
        {"minimums": [{"begins": "09:00", "ends": "11:00", "seats": 5, "days": "working"}]},
    ),
    (Code.NO_SEATS, Place("shifts", 0, "seats"), {"shifts": [shift("day", "00:00", "00:00", seats=0)]}),
    (
        Code.SKILL_NOT_ON,
        Place("tongues", 1, "skill"),
        {"tongues": tongues(), "shifts": [DAY, shift("night", "20:00", "08:00", skills=["health"])]},
    ),
    (Code.NOBODY_HAS_SKILL, Place("lines", 0, "skill"), {"lines": [own_line(skill="russian")]}),
    (
        Code.TONGUE_WITHOUT_SKILL,
        Place("tongues", 1),
        {"tongues": tongues(skill=""), "shortcuts": [KEYS["cantonese"]]},
    ),
    (
        Code.MENU_FIRST,
        Place("greeting", None, "keys_announced"),
        {"greeting": GREETING | {"keys_prompt": "night-greeting", "keys_announced": "first"}},
    ),
    (
        Code.GREETING_TOO_LONG,
        Place("shifts", 0, "greeting"),
        {"shifts": [shift("day", "00:00", "00:00", greeting="long-greeting")]},
    ),
    (
        Code.GREETING_TOO_LONG,
        Place("leaders", 0, "greeting"),
        {"leaders": [slot(greeting="long-greeting")], "lines": WITH_LINE},
    ),
    (
        Code.SLOT_BACKWARDS,
        Place("leaders", 0, "ends"),
        {"leaders": [slot(ends=time(8))], "lines": WITH_LINE},
    ),
    (
        Code.SLOTS_OVERLAP,
        Place("leaders", 1, "begins"),
        {"leaders": [slot(), slot("王局长", phone="1010", begins=time(10))], "lines": WITH_LINE},
    ),
    (
        Code.LEADER_TWICE,
        Place("leaders", 1, "phone"),
        {"leaders": [slot(), slot(number="12345", begins=time(10))], "lines": WITH_LINE},
    ),
    (
        Code.SLOT_PAST,
        Place("leaders", 0, "day"),
        {"leaders": [slot(day=date(2026, 11, 20))], "lines": WITH_LINE},
    ),
    (Code.SLOT_ON_MAIN, Place("leaders", 0, "number"), {"leaders": [slot(number="12345")]}),
    (
        Code.SCOPE_UNSAID,
        Place("leaders", 0, "greeting"),
        {"leaders": [slot(scope="供水")], "lines": WITH_LINE},
    ),
]


def test_the_packaged_plan_may_go_live() -> None:
    findings = found()
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert {finding.code for finding in findings} == {Code.TONGUE_WITHOUT_SKILL}


@pytest.mark.parametrize(
    ("code", "place", "changes"), CASES, ids=[f"{code}-{place.section}" for code, place, _ in CASES]
)
def test_it_is_found_in_its_place(code: Code, place: Place, changes: Mapping[str, object]) -> None:
    before = {(finding.code, finding.place) for finding in found()}
    assert (code, place) not in before or code is Code.TONGUE_WITHOUT_SKILL
    assert (code, place) in {(finding.code, finding.place) for finding in found(**changes)}


def test_every_code_has_a_case() -> None:
    assert {code for code, _, _ in CASES} | {Code.YEAR_UNKNOWN} == set(Code)


def test_a_year_that_the_calendar_does_not_know_is_named() -> None:
    findings = check(plan(), around(today=date(2099, 1, 1)))
    assert [finding.facts for finding in findings if finding.code is Code.YEAR_UNKNOWN] == [{"year": "2099"}]


def test_errors_come_first() -> None:
    severities = [finding.severity for finding in found(shifts=[DAY], lines=[own_line(skill="russian")])]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING].index)


@pytest.mark.parametrize(
    ("shifts", "gaps"),
    [
        ([DAY, NIGHT], set()),
        ([shift("all", "00:00", "00:00")], set()),
        ([DAY], {("every", "00:00-08:00"), ("every", "20:00-24:00")}),
        ([shift("day", "08:00", "20:00", days="working"), NIGHT], {("off", "08:00-20:00")}),
        # A night that begins on a working day is still on in the morning of a Saturday, but not of a Sunday.
        (
            [DAY, shift("night", "20:00", "08:00", days="working")],
            {("off", "20:00-24:00"), ("every", "00:00-08:00")},
        ),
        ([DAY, shift("night", "20:00", "07:30")], {("every", "07:30-08:00")}),
    ],
)
def test_times_with_nobody_are_named(shifts: list[object], gaps: set[tuple[str, str]]) -> None:
    findings = found(shifts=shifts, minimums=[])
    named = {(f.facts["days"], f.facts["span"]) for f in findings if f.code is Code.NOBODY}
    assert named == gaps


def test_a_closed_line_may_lead_over_others_to_one_that_is_open() -> None:
    lines = [
        own_line(),
        line(shifts=["day"], when_closed="line", closed_line="12319"),
        line("12319", shifts=["day"], when_closed="line", closed_line="12345"),
    ]
    assert {finding.severity for finding in found(lines=lines)} == {Severity.WARNING}


@pytest.mark.parametrize("said", [{}, {"scope": "供水", "greeting": "health-greeting"}])
def test_a_leader_without_a_scope_or_with_a_greeting_is_in_order(said: Mapping[str, str]) -> None:
    assert Code.SCOPE_UNSAID not in {one.code for one in found(leaders=[slot(**said)], lines=WITH_LINE)}


def test_leaders_one_after_the_other_do_not_overlap() -> None:
    leaders = [slot(), slot("王局长", begins=time(11), ends=time(12))]
    codes = {finding.code for finding in found(leaders=leaders, lines=WITH_LINE)}
    assert not codes & {Code.SLOTS_OVERLAP, Code.LEADER_TWICE}


def test_telephones_one_after_the_other_and_skills_before_everybody_are_in_order() -> None:
    steps = (
        step(20, SKILL, skill="health"),
        (40, WIDER),
        step(60, DUTY, phone="1001"),
        step(61, DUTY, phone="1002"),
        (120, MESSAGE),
    )
    findings = found(
        overflows=[chain("main", *steps)],
        lines=[own_line(skill="health")],
        tongues=tongues(skill_seconds=10),
        shortcuts=[KEYS["cantonese"]],
    )
    assert {finding.severity for finding in findings} <= {Severity.WARNING}
    assert not {finding.code for finding in findings} & {Code.STEP_UNREACHABLE, Code.SKILL_NEVER_ASKED}


@pytest.mark.parametrize("number", ["１２３２０", "0532-12320", "+8612320", "12 320"])
def test_a_lines_number_is_plain_digits(number: str) -> None:
    with pytest.raises(ValidationError):
        line(number)


def test_a_telephone_of_the_plan_is_plain_digits() -> None:
    with pytest.raises(ValidationError):
        shift("night", "20:00", "08:00", answered_by="duty", phone="８４１１００００")
