"""Plans to test with: the packaged one with something changed."""

from collections.abc import Mapping
from datetime import date, time

from hotline.call_plan.checks import check
from hotline.call_plan.default import default_plan
from hotline.call_plan.document import Line, Overflow, OverflowStep, OverflowTo, Plan, Shift
from hotline.call_plan.findings import Finding, Surroundings
from hotline.calls.rules import Reason
from hotline.deadlines.calendar import ChineseCalendar

OWN = "12345"
MERGED = "12320"
SPOKEN: Mapping[str, float | None] = {
    "greeting": 2.5,
    "recording-notice": 1.5,
    "health-greeting": 3.0,
    "night-greeting": 2.0,
    "english-greeting": None,
    "long-greeting": 4.5,
    "surge-banner": 4.0,
}


def plan(**changes: object) -> Plan:
    """The packaged plan with other sections."""
    return Plan.model_validate(default_plan(OWN, 300).model_dump() | changes)


def line(number: str = MERGED, **fields: object) -> Line:
    """A merged line."""
    return Line.model_validate({"number": number, "name_zh": "卫生热线", "name_en": "Health line", **fields})


def own_line(**fields: object) -> Line:
    """The hotline's own line."""
    return line(OWN, **fields)


def shift(code: str, begins: str, ends: str, **fields: object) -> Shift:
    """A shift of three agents, unless it says otherwise."""
    times = {"begins": time.fromisoformat(begins), "ends": time.fromisoformat(ends)}
    names = {"code": code, "name_zh": f"{code}班", "name_en": f"{code} shift"}
    return Shift.model_validate({**names, **times, "seats": 3, **fields})


def chain(code: str, *steps: tuple[int, OverflowTo] | OverflowStep) -> Overflow:
    """A chain of overflow steps."""
    made = [
        step if isinstance(step, OverflowStep) else OverflowStep(after_seconds=step[0], to=step[1])
        for step in steps
    ]
    return Overflow(code=code, name_zh=code, name_en=code, steps=tuple(made))


def around(**changes: object) -> Surroundings:
    """A hotline with two skills (one that nobody has) and a department, on 21 November 2026."""
    known: dict[str, object] = {
        "main_number": OWN,
        "today": date(2026, 11, 21),
        "calendar": ChineseCalendar(),
        "prompts": SPOKEN,
        "skills": {"health": 2, "cantonese": 1, "russian": 0},
        "departments": frozenset({"water"}),
        "extensions": frozenset({"1001"}),
        "refusal": lambda phone: Reason.PREMIUM if phone.startswith("168") else None,
    }
    return Surroundings(**known | changes)  # type: ignore[arg-type]


def found(**changes: object) -> list[Finding]:
    """What the checker says of the packaged plan with these sections."""
    return check(plan(**changes), around())
