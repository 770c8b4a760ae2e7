"""Leaders on the line, and years that the calendar does not know."""

from collections.abc import Iterator
from itertools import combinations

from hotline.call_plan.document import LeaderSlot, Plan
from hotline.call_plan.findings import Code, Finding, Place, Surroundings


def slots(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Each slot is a time that comes, and callers hear its scope; no two want one number or one leader's
    telephone at once."""
    for index, slot in enumerate(plan.leaders):
        if slot.ends <= slot.begins:
            yield Finding(Code.SLOT_BACKWARDS, Place("leaders", index, "ends"), {"leader": slot.leader})
        if slot.day < around.today:
            yield Finding(Code.SLOT_PAST, Place("leaders", index, "day"), {"leader": slot.leader})
        if slot.number == around.main_number:
            yield Finding(Code.SLOT_ON_MAIN, Place("leaders", index, "number"), {"leader": slot.leader})
        if slot.scope and not slot.greeting:
            yield Finding(Code.SCOPE_UNSAID, Place("leaders", index, "greeting"), {"leader": slot.leader})
    for (_, first), (index, second) in combinations(enumerate(plan.leaders), 2):
        if not _overlap(first, second):
            continue
        facts = {"first": first.leader, "second": second.leader, "number": second.number}
        if first.number == second.number:
            yield Finding(Code.SLOTS_OVERLAP, Place("leaders", index, "begins"), facts)
        elif first.phone == second.phone:
            yield Finding(Code.LEADER_TWICE, Place("leaders", index, "phone"), facts)


def years(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Working days of this year and the next are known, or Monday to Friday is assumed."""
    if not around.calendar.covers(around.today):
        yield Finding(Code.YEAR_UNKNOWN, Place("exceptions"), {"year": str(around.today.year)})


def _overlap(first: LeaderSlot, second: LeaderSlot) -> bool:
    return first.day == second.day and first.begins < second.ends and second.begins < first.ends
