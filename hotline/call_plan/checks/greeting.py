"""A person first: nothing long and no menu in front of the queue."""

from collections.abc import Iterator

from hotline.call_plan.document import KeysAnnounced, Plan
from hotline.call_plan.findings import Code, Finding, Place, Surroundings

LONGEST_SECONDS = 6.0


def person_first(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """GB/T 33358: no menu in front of a person."""
    if plan.greeting.keys_announced is KeysAnnounced.FIRST:
        yield Finding(Code.MENU_FIRST, Place("greeting", field="keys_announced"))
    elif plan.greeting.keys_announced is KeysAnnounced.WAITING and not plan.greeting.keys_prompt:
        yield Finding(Code.PROMPT_UNSET, Place("greeting", field="keys_prompt"))


def length(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Each greeting that may be heard, with the notice, stays under six seconds, where lengths are known."""
    notice = around.prompts.get(plan.greeting.notice) or 0.0
    for place, name in _greetings(plan):
        seconds = (around.prompts.get(name) or 0.0) + notice
        if name and seconds >= LONGEST_SECONDS:
            yield Finding(Code.GREETING_TOO_LONG, place, {"name": name, "seconds": f"{seconds:.1f}"})


def tongues(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """A language that can be asked for has people who speak it, and can be asked for."""
    asked = {shortcut.tongue for shortcut in plan.shortcuts} | {line.tongue for line in plan.lines}
    for index, tongue in enumerate(plan.tongues[1:], start=1):
        place = Place("tongues", index)
        if tongue.code not in asked:
            yield Finding(Code.TONGUE_UNREACHABLE, place, {"name": tongue.code})
        elif not tongue.skill:
            yield Finding(Code.TONGUE_WITHOUT_SKILL, place, {"name": tongue.code})


def _greetings(plan: Plan) -> Iterator[tuple[Place, str]]:
    yield Place("greeting", field="greeting"), plan.greeting.greeting
    for section in ("lines", "shifts", "tongues", "leaders"):
        for index, entry in enumerate(getattr(plan, section)):
            yield Place(section, index, "greeting"), entry.greeting
