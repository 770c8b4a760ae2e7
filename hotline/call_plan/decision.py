"""Where a call goes: one pure function, for the real call and for the simulation alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hotline.call_plan import hours
from hotline.call_plan.document import (
    AnsweredBy,
    Deed,
    KeysAnnounced,
    LeaderSlot,
    Line,
    OverflowTo,
    Plan,
    Shift,
    Shortcut,
    Tongue,
    WhenClosed,
)
from hotline.call_plan.wait import Waypoint, facts_of, flattened, in_order
from hotline.deadlines.calendar import WorkingCalendar

Facts = Mapping[str, str]


class Route(StrEnum):
    """Where the dialplan takes the caller after the greeting."""

    QUEUE = "queue"
    DUTY = "duty"
    LEADER = "leader"
    MESSAGE = "message"
    UNKNOWN = "unknown"  # no line of ours


class StepKind(StrEnum):
    """What a step of the story tells; the console has the words."""

    DIALLED = "dialled"
    UNKNOWN_NUMBER = "unknown_number"
    DAY = "day"
    SHIFT = "shift"
    NOBODY_ON = "nobody_on"
    TO_LINE = "to_line"
    TO_CLOSED_DUTY = "to_closed_duty"
    TO_MESSAGE = "to_message"
    LOOP = "loop"
    TONGUE = "tongue"
    LEADER = "leader"
    PAST_LEADER = "past_leader"
    SURGE = "surge"
    PROMPTS = "prompts"
    DUTY = "duty"
    QUEUE = "queue"
    SKILL = "skill"
    SKILL_NOT_ON = "skill_not_on"
    NO_SKILL = "no_skill"
    OVERFLOW = "overflow"
    NO_END = "no_end"
    KEY = "key"


@dataclass(frozen=True)
class Step:
    """One thing that happens to the call, with what is worth telling."""

    kind: StepKind
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Banner:
    """Surge mode is on. `prompts` are played between greeting and notice, those that exist already."""

    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """A call: `at` aware on the city's clock, the digits dialled, the language if it is known, and the keys
    pressed so far."""

    at: datetime
    dialled: str
    tongue: str = ""
    keys: str = ""
    surge: Banner | None = None


@dataclass(frozen=True)
class Decision:
    """What the dialplan is told, and the story of how it came about. `skill` is whose agents are asked first,
    `overflow` all that follows, in the order of time."""

    route: Route
    line: Line | None = None
    prompts: tuple[str, ...] = ()
    language: str = ""
    tongue: str = ""
    skill: str = ""
    phone: str = ""
    leader: LeaderSlot | None = None
    overflow: tuple[Waypoint, ...] = ()
    keys: Mapping[str, Shortcut] = field(default_factory=dict)
    keys_prompt: str = ""
    steps: tuple[Step, ...] = ()


def decide(plan: Plan, call: Incoming, calendar: WorkingCalendar) -> Decision:
    """Where this call goes under this plan. Never raises: what the plan leaves open goes to the agents."""
    return _Deciding(plan, call, calendar).decide()


class _Deciding:
    """One call on its way through the plan; `_steps` is its story."""

    def __init__(self, plan: Plan, call: Incoming, calendar: WorkingCalendar) -> None:
        self._plan = plan
        self._call = call
        self._calendar = calendar
        self._steps: list[Step] = []

    def decide(self) -> Decision:
        line = self._plan.line(self._call.dialled)
        if line is None:
            self._tell(StepKind.UNKNOWN_NUMBER, number=self._call.dialled)
            return Decision(Route.UNKNOWN, steps=tuple(self._steps))
        self._tell(StepKind.DIALLED, number=line.number, **_names(line))
        self._tell_day()
        return self._at_line(line, (line.number,))

    def _at_line(self, line: Line, visited: tuple[str, ...]) -> Decision:
        on = self._shifts_on(line)
        tongue = self._tongue(line)
        if slot := self._leader(line):
            return self._to_leader(line, slot, tongue, on)
        if not on:
            return self._closed(line, visited, tongue)
        self._tell(StepKind.SHIFT, **_shift_facts(on))
        if all(shift.answered_by is AnsweredBy.DUTY for shift in on):
            return self._to_duty(line, on, tongue)
        return self._to_queue(line, on, tongue)

    def _shifts_on(self, line: Line) -> tuple[Shift, ...]:
        return hours.on_at(self._plan, self._plan.shifts_of(line), self._call.at, self._calendar)

    def _tongue(self, line: Line) -> Tongue | None:
        """By the last language key, else as known, else the line's own."""
        shortcuts = {shortcut.key: shortcut for shortcut in self._plan.shortcuts}
        asked = [shortcuts[key].tongue for key in self._call.keys if key in shortcuts]
        code = next(filter(None, reversed(asked)), "") or self._call.tongue or line.tongue
        tongue = self._plan.tongue(code) if code else None
        if tongue is not None:
            self._tell(StepKind.TONGUE, **_names(tongue))
        return tongue

    def _leader(self, line: Line) -> LeaderSlot | None:
        slots = [slot for slot in self._plan.leaders if slot.number == line.number]
        slot = next((slot for slot in slots if in_slot(slot, self._call.at)), None)
        if slot is None or not slot.phone:
            return None
        agent_keys = {shortcut.key for shortcut in self._plan.shortcuts if shortcut.deed is Deed.AGENT}
        if agent_keys & set(self._call.keys):
            self._tell(StepKind.PAST_LEADER, leader=slot.leader)
            return None
        return slot

    def _to_leader(
        self, line: Line, slot: LeaderSlot, tongue: Tongue | None, on: tuple[Shift, ...]
    ) -> Decision:
        ends = f"{slot.ends:%H:%M}"
        self._tell(StepKind.LEADER, leader=slot.leader, until=ends, phone=slot.phone, scope=slot.scope)
        decision = self._to_queue(line, on, tongue, greeting=slot.greeting)
        return _changed(decision, route=Route.LEADER, phone=slot.phone, leader=slot)

    def _closed(self, line: Line, visited: tuple[str, ...], tongue: Tongue | None) -> Decision:
        self._tell(StepKind.NOBODY_ON, number=line.number, **_names(line))
        other = self._plan.line(line.closed_line) if line.when_closed is WhenClosed.LINE else None
        if other is not None and other.number not in visited:
            self._tell(StepKind.TO_LINE, number=other.number, **_names(other))
            return self._at_line(other, (*visited, other.number))
        if other is not None:
            self._tell(StepKind.LOOP, number=other.number)
        prompts = self._prompts(line, tongue, ())
        if line.when_closed is WhenClosed.DUTY and line.closed_phone:
            self._tell(StepKind.TO_CLOSED_DUTY, phone=line.closed_phone)
            return self._decision(Route.DUTY, line, tongue, prompts, phone=line.closed_phone)
        self._tell(StepKind.TO_MESSAGE)
        return self._decision(Route.MESSAGE, line, tongue, prompts)

    def _to_duty(self, line: Line, on: tuple[Shift, ...], tongue: Tongue | None) -> Decision:
        prompts = self._prompts(line, tongue, on)
        phone = next((shift.phone for shift in on if shift.phone), "")
        if not phone:
            self._tell(StepKind.TO_MESSAGE)
            return self._decision(Route.MESSAGE, line, tongue, prompts)
        self._tell(StepKind.DUTY, phone=phone)
        return self._decision(Route.DUTY, line, tongue, prompts, phone=phone)

    def _to_queue(
        self, line: Line, on: tuple[Shift, ...], tongue: Tongue | None, greeting: str = ""
    ) -> Decision:
        prompts = self._prompts(line, tongue, on, greeting)
        first, *later = self._skills(line, tongue, on) or [""]
        if first:
            self._tell(StepKind.SKILL, skill=first)
        self._tell(StepKind.QUEUE, priority=str(line.priority))
        asked = [Waypoint(tongue.skill_seconds, OverflowTo.SKILL, skill=skill) for skill in later if tongue]
        chain = self._chain(line, on, with_skills=bool(first))
        overflow = self._overflow(in_order(*asked, *chain))
        self._tell_keys()
        return self._decision(Route.QUEUE, line, tongue, prompts, skill=first, overflow=overflow)

    def _skills(self, line: Line, tongue: Tongue | None, on: tuple[Shift, ...]) -> list[str]:
        """The language's skill before the line's, without those that have no seat now: the caller would wait
        in vain."""
        wanted = [skill for skill in (tongue.skill if tongue else "", line.skill) if skill]
        if not wanted and tongue is not None and tongue != self._plan.tongues[0]:
            self._tell(StepKind.NO_SKILL, **_names(tongue))
        return [skill for skill in dict.fromkeys(wanted) if self._is_on(skill, on)]

    def _is_on(self, skill: str, on: tuple[Shift, ...]) -> bool:
        agents = [shift for shift in on if shift.answered_by is AnsweredBy.AGENTS]
        if not agents or any(not shift.skills or skill in shift.skills for shift in agents):
            return True
        self._tell(StepKind.SKILL_NOT_ON, skill=skill)
        return False

    def _prompts(
        self, line: Line, tongue: Tongue | None, on: tuple[Shift, ...], first: str = ""
    ) -> tuple[str, ...]:
        """The most particular greeting, the banner of a surge, the notice."""
        of_shift = next((shift.greeting for shift in on if shift.greeting), "")
        choices = (first, tongue.greeting if tongue else "", line.greeting, of_shift)
        greeting = next(filter(None, choices), self._plan.greeting.greeting)
        prompts = tuple(filter(None, (greeting, *self._banner(), self._plan.greeting.notice)))
        self._tell(StepKind.PROMPTS, prompts=" ".join(prompts))
        return prompts

    def _banner(self) -> tuple[str, ...]:
        if self._call.surge is None:
            return ()
        banner = self._call.surge.prompts or (self._plan.surge.banner,)
        self._tell(StepKind.SURGE, banner=" ".join(filter(None, banner)))
        return tuple(filter(None, banner))

    def _chain(self, line: Line, on: tuple[Shift, ...], with_skills: bool) -> list[Waypoint]:
        """The line's chain without skills that nobody on has, or any where everybody is asked already."""
        return [
            point
            for point in flattened(self._plan, line.overflow)
            if point.to is not OverflowTo.SKILL
            or (with_skills and point.skill and self._is_on(point.skill, on))
        ]

    def _overflow(self, wait: tuple[Waypoint, ...]) -> tuple[Waypoint, ...]:
        for point, facts in zip(wait, facts_of(wait), strict=True):
            self._tell(StepKind.OVERFLOW, to=point.to.value, **facts)
        if not any(point.to is OverflowTo.MESSAGE for point in wait):
            self._tell(StepKind.NO_END)
        return wait

    def _decision(
        self, route: Route, line: Line, tongue: Tongue | None, prompts: tuple[str, ...], **more: object
    ) -> Decision:
        decision = Decision(
            route,
            line,
            prompts,
            language=tongue.prompts if tongue else "",
            tongue=tongue.code if tongue else "",
            keys={shortcut.key: shortcut for shortcut in self._plan.shortcuts},
            keys_prompt=self._keys_prompt(),
            steps=tuple(self._steps),
        )
        return _changed(decision, **more)

    def _keys_prompt(self) -> str:
        """Told while waiting; never before, whatever a plan says that no checker has seen."""
        greeting = self._plan.greeting
        return "" if greeting.keys_announced is KeysAnnounced.NEVER else greeting.keys_prompt

    def _tell(self, kind: StepKind, /, **facts: str) -> None:
        self._steps.append(Step(kind, facts))

    def _tell_day(self) -> None:
        reading = hours.read_day(self._plan, self._call.at.date(), self._calendar)
        facts = {"days": reading.kind.value, "reason": reading.reason.value, "note": reading.note}
        self._tell(StepKind.DAY, date=self._call.at.date().isoformat(), **facts)

    def _tell_keys(self) -> None:
        for shortcut in self._plan.shortcuts:
            facts = {"deed": shortcut.deed.value, "tongue": shortcut.tongue}
            self._tell(StepKind.KEY, key=shortcut.key, **facts)


def in_slot(slot: LeaderSlot, at: datetime) -> bool:
    """Whether the leader is on the line at this moment of the city's clock."""
    return slot.day == at.date() and slot.begins <= at.time() < slot.ends


def _names(named: Line | Tongue) -> dict[str, str]:
    return {"name_zh": named.name_zh, "name_en": named.name_en}


def _shift_facts(on: tuple[Shift, ...]) -> dict[str, str]:
    return {
        "name_zh": "、".join(shift.name_zh for shift in on),
        "name_en": ", ".join(shift.name_en for shift in on),
        "hours": ", ".join(f"{shift.begins:%H:%M}-{shift.ends:%H:%M}" for shift in on),
        "seats": str(sum(shift.seats for shift in on)),
    }


def _changed(decision: Decision, **changes: object) -> Decision:
    return replace(decision, **changes)  # type: ignore[arg-type]
