"""Round the clock, on every kind of day after every kind of day: is somebody there, and enough of them?"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from hotline.call_plan import hours
from hotline.call_plan.document import AnsweredBy, Days, Plan, Shift, WhenClosed
from hotline.call_plan.findings import Code, Finding, Place, Surroundings

_KINDS = (Days.WORKING, Days.OFF)


@dataclass(frozen=True)
class _Time:
    """A piece of a day, with what is on then."""

    span: hours.Span
    yesterday: Days
    today: Days
    on: tuple[Shift, ...]


def nobody(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """The hotline's own number, and every line that promises a person always, has one round the clock."""
    for days, span in _gaps(plan.shifts):
        yield Finding(Code.NOBODY, Place("shifts"), {"days": days.value, "span": str(span)})
    own = plan.line(around.main_number)
    if own is not None and own.shifts and own.when_closed is WhenClosed.MESSAGE:
        index = plan.lines.index(own)
        for days, span in _gaps(plan.shifts_of(own)):
            facts = {"days": days.value, "span": str(span), "number": own.number}
            yield Finding(Code.NOBODY, Place("lines", index, "shifts"), facts)


def closed(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Lines that at times have but the message box; closed branches of lines that never close."""
    for index, line in enumerate(plan.lines):
        gaps = list(_gaps(plan.shifts_of(line)))
        if not gaps and line.when_closed is not WhenClosed.MESSAGE:
            yield Finding(Code.CLOSED_UNREACHABLE, Place("lines", index, "when_closed"))
        restricted = bool(line.shifts) and line.number != around.main_number
        for days, span in gaps if restricted and line.when_closed is WhenClosed.MESSAGE else []:
            facts = {"days": days.value, "span": str(span), "number": line.number}
            yield Finding(Code.MESSAGE_ONLY, Place("lines", index, "when_closed"), facts)


def seats(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Planned seats reach the minimum at every minute; a shift of agents has any at all."""

    def short(time: _Time) -> bool:
        planned = hours.seats_of(time.on)
        return planned < hours.wanted_seats(plan.minimums, time.span.begins, time.yesterday, time.today)

    for days, span in _when(_times(plan.shifts, plan), short):
        yield Finding(Code.TOO_FEW_SEATS, Place("minimums"), {"days": days.value, "span": str(span)})
    for index, shift in enumerate(plan.shifts):
        if shift.answered_by is AnsweredBy.AGENTS and not shift.seats:
            yield Finding(Code.NO_SEATS, Place("shifts", index, "seats"), {"name": shift.code})


def skills(plan: Plan, around: Surroundings) -> Iterator[Finding]:
    """Times at which agents are there, but none with the skill that a line or a language asks for."""
    for section in ("lines", "tongues"):
        for index, entry in enumerate(getattr(plan, section)):
            shifts = plan.shifts_of(entry) if section == "lines" else plan.shifts
            for days, span in _when(_times(shifts, plan), _lacks(entry.skill)) if entry.skill else []:
                facts = {"name": entry.skill, "days": days.value, "span": str(span)}
                yield Finding(Code.SKILL_NOT_ON, Place(section, index, "skill"), facts)


def _lacks(skill: str) -> Callable[[_Time], bool]:
    def lacks(time: _Time) -> bool:
        agents = [shift for shift in time.on if shift.answered_by is AnsweredBy.AGENTS]
        return bool(agents) and all(shift.skills and skill not in shift.skills for shift in agents)

    return lacks


def _gaps(shifts: Sequence[Shift]) -> Iterator[tuple[Days, hours.Span]]:
    return _when(_times(shifts), lambda time: not time.on)


def _times(shifts: Sequence[Shift], plan: Plan | None = None) -> Iterator[_Time]:
    cuts = hours.pieces(shifts, plan.minimums if plan else ())
    for span, (yesterday, today) in product(list(cuts), product(_KINDS, _KINDS)):
        on = hours.on_at_minute(shifts, span.begins, yesterday, today)
        yield _Time(span, yesterday, today, on)


def _when(times: Iterator[_Time], holds: Callable[[_Time], bool]) -> Iterator[tuple[Days, hours.Span]]:
    """The spans, joined, at which something holds, by the kind of day; `EVERY` where it does on both."""
    kinds: dict[hours.Span, set[Days]] = defaultdict(set)
    for time in times:
        if holds(time):
            kinds[time.span].add(time.today)
    by_days: dict[Days, list[hours.Span]] = defaultdict(list)
    for span, found in kinds.items():
        by_days[Days.EVERY if len(found) > 1 else next(iter(found))].append(span)
    for days, spans in by_days.items():
        yield from ((days, span) for span in hours.joined(spans))
