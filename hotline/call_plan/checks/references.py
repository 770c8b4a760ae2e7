"""Names that stand for something: each must be there, and once."""

from collections import Counter
from collections.abc import Iterable, Iterator

from hotline.call_plan.document import Deed, OverflowTo, Plan, WhenClosed
from hotline.call_plan.findings import Code, Finding, Place, Surroundings
from hotline.call_plan.phones import named_phones
from hotline.numbering import EMERGENCY


def numbers(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """The hotline's own number has a line, and no number has two."""
    if plan.line(around.main_number) is None:
        yield Finding(Code.MAIN_NUMBER_MISSING, Place("lines"), {"number": around.main_number})
    yield from _twice("lines", "number", Code.NUMBER_TWICE, [line.number for line in plan.lines])


def taken_numbers(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Numbers that somebody else answers already: no telephone network sends their calls here."""
    for index, line in enumerate(plan.lines):
        place, facts = Place("lines", index, "number"), {"number": line.number}
        if line.number in EMERGENCY:
            yield Finding(Code.NUMBER_IS_EMERGENCY, place, facts)
        if line.number in around.extensions:
            yield Finding(Code.NUMBER_IS_EXTENSION, place, facts)


def doubles(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Codes, dates and keys are used once."""
    yield from _twice("shifts", "code", Code.CODE_TWICE, [shift.code for shift in plan.shifts])
    yield from _twice("tongues", "code", Code.CODE_TWICE, [tongue.code for tongue in plan.tongues])
    yield from _twice("overflows", "code", Code.CODE_TWICE, [chain.code for chain in plan.overflows])
    yield from _twice("exceptions", "day", Code.DATE_TWICE, [str(one.day) for one in plan.exceptions])
    yield from _twice("shortcuts", "key", Code.KEY_TWICE, [shortcut.key for shortcut in plan.shortcuts])


def names(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Every reference leads to something."""
    yield from _within(plan)
    yield from _steps(plan)
    for place, code in _skills(plan):
        if code not in around.skills:
            yield Finding(Code.UNKNOWN_SKILL, place, {"name": code})
        elif not around.skills[code]:
            yield Finding(Code.NOBODY_HAS_SKILL, place, {"name": code})
    for place, code in _departments(plan):
        if code not in around.departments:
            yield Finding(Code.UNKNOWN_DEPARTMENT, place, {"name": code})


def prompts(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Every prompt can be played; greeting and notice are never left out."""
    for place, name in prompt_places(plan):
        if name and name not in around.prompts:
            yield Finding(Code.PROMPT_MISSING, place, {"name": name})
    for part in ("greeting", "notice"):
        if not getattr(plan.greeting, part):
            yield Finding(Code.PROMPT_UNSET, Place("greeting", field=part))


def phones(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Where a telephone is to ring, one is named, that may be called, and that is not one of our own numbers:
    the call would come back to us."""
    ours = {line.number for line in plan.lines}
    for place, phone in named_phones(plan):
        if not phone:
            yield Finding(Code.PHONE_MISSING, place)
        elif phone in ours:
            yield Finding(Code.PHONE_IS_OURS, place, {"number": phone})
        elif reason := around.refusal(phone):
            yield Finding(Code.PHONE_REFUSED, place, {"number": phone, "reason": reason})


def prompt_places(plan: Plan) -> Iterator[tuple[Place, str]]:
    """Every place that may name a prompt, and what it names."""
    for part in ("greeting", "notice", "keys_prompt"):
        yield Place("greeting", field=part), getattr(plan.greeting, part)
    for section in ("lines", "shifts", "tongues", "leaders"):
        for index, entry in enumerate(getattr(plan, section)):
            yield Place(section, index, "greeting"), entry.greeting
    yield Place("surge", field="banner"), plan.surge.banner


def _steps(plan: Plan) -> Iterator[Finding]:
    chains = {chain.code for chain in plan.overflows}
    for index, chain in enumerate(plan.overflows):
        for step in chain.steps:
            if step.to is OverflowTo.CHAIN:
                place = Place("overflows", index, "chain")
                yield from _known(step.chain or "-", chains, Code.UNKNOWN_CHAIN, place)
            if step.to is OverflowTo.SKILL and not step.skill:
                facts = {"seconds": str(step.after_seconds)}
                yield Finding(Code.SKILL_UNSET, Place("overflows", index, "skill"), facts)


def _within(plan: Plan) -> Iterator[Finding]:
    shifts = {shift.code for shift in plan.shifts}
    tongues = {tongue.code for tongue in plan.tongues}
    chains = {chain.code for chain in plan.overflows}
    lines = {line.number for line in plan.lines}
    for index, line in enumerate(plan.lines):
        for code in line.shifts:
            yield from _known(code, shifts, Code.UNKNOWN_SHIFT, Place("lines", index, "shifts"))
        yield from _known(line.tongue, tongues, Code.UNKNOWN_TONGUE, Place("lines", index, "tongue"))
        yield from _known(line.overflow, chains, Code.UNKNOWN_CHAIN, Place("lines", index, "overflow"))
        if line.when_closed is WhenClosed.LINE:
            place = Place("lines", index, "closed_line")
            yield from _known(line.closed_line or "-", lines, Code.UNKNOWN_LINE, place)
    for index, shortcut in enumerate(plan.shortcuts):
        yield from _known(shortcut.tongue, tongues, Code.UNKNOWN_TONGUE, Place("shortcuts", index, "tongue"))
        if shortcut.deed is Deed.LANGUAGE and not shortcut.tongue:
            yield Finding(Code.TONGUE_UNSET, Place("shortcuts", index, "tongue"), {"key": shortcut.key})
    for index, slot in enumerate(plan.leaders):
        yield from _known(slot.number, lines, Code.UNKNOWN_LINE, Place("leaders", index, "number"))


def _known(name: str, known: set[str], code: Code, place: Place) -> Iterator[Finding]:
    if name and name not in known:
        yield Finding(code, place, {"name": name})


def _skills(plan: Plan) -> Iterator[tuple[Place, str]]:
    for section in ("lines", "tongues"):
        for index, entry in enumerate(getattr(plan, section)):
            if entry.skill:
                yield Place(section, index, "skill"), entry.skill
    for index, shift in enumerate(plan.shifts):
        yield from ((Place("shifts", index, "skills"), code) for code in shift.skills)
    for index, chain in enumerate(plan.overflows):
        asked = [step.skill for step in chain.steps if step.to is OverflowTo.SKILL and step.skill]
        yield from ((Place("overflows", index, "skill"), code) for code in asked)


def _departments(plan: Plan) -> Iterator[tuple[Place, str]]:
    for section in ("lines", "leaders"):
        for index, entry in enumerate(getattr(plan, section)):
            if entry.department:
                yield Place(section, index, "department"), entry.department


def _twice(section: str, field: str, code: Code, values: Iterable[str]) -> Iterator[Finding]:
    listed = list(values)
    counted = Counter(listed)
    for index, value in enumerate(listed):
        if counted[value] > 1 and listed.index(value) != index:
            yield Finding(code, Place(section, index, field), {"name": value})
