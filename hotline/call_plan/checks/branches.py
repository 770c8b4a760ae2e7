"""Ways through the plan: none leads back to itself, none is dead."""

from collections.abc import Iterator, Mapping

from hotline.call_plan.document import Overflow, OverflowTo, Plan, WhenClosed
from hotline.call_plan.findings import Code, Finding, Place, Surroundings
from hotline.call_plan.wait import flattened

_ENDS = (OverflowTo.MESSAGE, OverflowTo.CHAIN)
_AMONG_AGENTS = (OverflowTo.SKILL, OverflowTo.WIDER)


def line_loops(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """A closed line that leads, over others, back to itself."""
    leads = {line.number: line.closed_line for line in plan.lines if line.when_closed is WhenClosed.LINE}
    for index, line in enumerate(plan.lines):
        way = _way(line.number, leads)
        if way and way[-1] == line.number:
            facts = {"way": " → ".join((line.number, *way))}
            yield Finding(Code.LINE_LOOP, Place("lines", index, "closed_line"), facts)


def chains(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Overflow: steps after an end, agents of a skill after everybody, chains that lead back, chains without
    an end."""
    leads = {chain.code: step.chain for chain in plan.overflows for step in chain.steps if step.chain}
    for index, chain in enumerate(plan.overflows):
        yield from _steps(index, chain)
        way = _way(chain.code, leads)
        if way and way[-1] == chain.code:
            facts = {"way": " → ".join((chain.code, *way))}
            yield Finding(Code.CHAIN_LOOP, Place("overflows", index, "chain"), facts)


def skills_in_vain(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Lines whose skill nobody asks for who came by another language: everybody is asked before."""
    for index, line in enumerate(plan.lines):
        wider = [at.after_seconds for at in flattened(plan, line.overflow) if at.to is OverflowTo.WIDER]
        for tongue in plan.tongues if line.skill and wider else ():
            if tongue.skill not in ("", line.skill) and tongue.skill_seconds >= wider[0]:
                facts = {"name": line.skill, "tongue": tongue.code, "seconds": str(wider[0])}
                yield Finding(Code.SKILL_NEVER_ASKED, Place("lines", index, "skill"), facts)


def unused(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Chains and shifts that no line uses."""
    first = plan.overflows[0].code if plan.overflows else ""
    used = {line.overflow or first for line in plan.lines}
    used |= {step.chain for chain in plan.overflows for step in chain.steps}
    for index, chain in enumerate(plan.overflows):
        if chain.code not in used:
            yield Finding(Code.CHAIN_UNUSED, Place("overflows", index), {"name": chain.code})
    if all(line.shifts for line in plan.lines):
        answered = {code for line in plan.lines for code in line.shifts}
        for index, shift in enumerate(plan.shifts):
            if shift.code not in answered:
                yield Finding(Code.SHIFT_UNUSED, Place("shifts", index), {"name": shift.code})


def _steps(index: int, chain: Overflow) -> Iterator[Finding]:
    ended_at: int | None = None
    seen: set[int] = set()
    wider = min((step.after_seconds for step in chain.steps if step.to is OverflowTo.WIDER), default=None)
    for step in chain.steps:
        behind = ended_at is not None and step.after_seconds >= ended_at
        narrower = wider is not None and step.to in _AMONG_AGENTS and step.after_seconds > wider
        if behind or narrower or step.after_seconds in seen:
            facts = {"seconds": str(step.after_seconds)}
            yield Finding(Code.STEP_UNREACHABLE, Place("overflows", index, "after_seconds"), facts)
        seen.add(step.after_seconds)
        if step.to in _ENDS and (ended_at is None or step.after_seconds < ended_at):
            ended_at = step.after_seconds
    if ended_at is None:
        yield Finding(Code.CHAIN_WITHOUT_END, Place("overflows", index), {"name": chain.code})


def _way(start: str, leads: Mapping[str, str]) -> list[str]:
    """Where one gets from `start`, up to an end or the first place seen twice."""
    way: list[str] = []
    here = leads.get(start, "")
    while here and here not in way:
        way.append(here)
        if here == start:
            break
        here = leads.get(here, "")
    return way
