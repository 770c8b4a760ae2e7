"""The ladder (rulebook B6): what sets a step off, who takes it, and how long the answer may take. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hotline.deadlines.profiles import Limit, days, working_days
from hotline.deadlines.rules import Reckoner
from hotline.people.actors import Role

REMINDERS_FOR_A_NOTICE = 3


class Level(StrEnum):
    """Steps of the ladder. Their values sort as they rise."""

    L0 = "L0"  # 系统提醒
    L1 = "L1"  # 催办
    L2 = "L2"  # 督办通知单
    L3 = "L3"  # 专项督办
    L4 = "L4"  # 领导批示
    L5 = "L5"  # 通报批评、约谈
    L6 = "L6"  # 问责移送


class Kind(StrEnum):
    """督办类型 [S 002-23]."""

    HOTLINE = "hotline"
    INSPECTION = "inspection"
    MEDIA = "media"
    EFFICIENCY = "efficiency"
    CONDUCT = "conduct"


class Trigger(StrEnum):
    """What sets a step off."""

    HALF = "half"
    FOUR_FIFTHS = "four_fifths"
    DAY_BEFORE = "day_before"
    UNSIGNED = "unsigned"
    NO_CONTACT = "no_contact"
    OVERDUE = "overdue"
    REMINDED = "reminded"
    STILL_OVERDUE = "still_overdue"
    DISSATISFIED = "dissatisfied"
    REWORKED_TWICE = "reworked_twice"
    HIGH_LEVEL = "high_level"
    REMINDED_OFTEN = "reminded_often"
    PERFUNCTORY = "perfunctory"
    PRESSED = "pressed"  # a citizen was pressed to withdraw
    INSTRUCTION = "instruction"
    JOINT = "joint"  # with media and inspection office
    PERSON = "person"  # somebody decided so


class CaseState(StrEnum):
    """Where a case stands."""

    NOTED = "noted"  # a reminder: nobody has to answer
    PROPOSED = "proposed"
    ISSUED = "issued"
    ANSWERED = "answered"
    CLOSED = "closed"
    DROPPED = "dropped"


class Obstacle(StrEnum):
    """Why a step of supervision is not taken."""

    NO_REASON = "no_reason"
    NOT_HIGHER = "not_higher"
    MUST_BE_SPECIAL = "must_be_special"
    NO_DEPARTMENT = "no_department"
    OWN_PROPOSAL = "own_proposal"
    NOTHING_OPEN = "nothing_open"
    NOT_ANSWERED = "not_answered"
    NOT_REPORTED = "not_reported"
    IN_FUTURE = "in_future"
    DUE_BEFORE = "due_before"
    NOT_WITH_UNIT = "not_with_unit"
    NOT_LATE = "not_late"
    URGED = "urged"
    ARCHIVED = "archived"


class SupervisionRefused(Exception):
    """A step of supervision is not taken; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


ANSWER_WITHIN: Mapping[Level, Limit] = {
    Level.L1: working_days(1),
    Level.L2: days(3),
    Level.L3: days(5),
    Level.L4: days(3),  # the limit of what is urgent
    Level.L5: days(5),
}
"""The hand-over (L6) is answered outside the system."""

OPEN = (CaseState.ISSUED, CaseState.ANSWERED)
URGERS = (Role.SUPERVISOR, Role.DIRECTOR)
"""Besides the sweep (B6: issued by system or supervisor)."""
PROPOSERS = (Role.REVIEWER, Role.SUPERVISOR)
ISSUERS: Mapping[Level, tuple[Role, ...]] = {
    Level.L2: (Role.DIRECTOR, Role.GOVERNMENT_OFFICE),
    Level.L3: (Role.DIRECTOR, Role.INSPECTION_OFFICE),
    Level.L5: (Role.DIRECTOR, Role.GOVERNMENT_OFFICE),
    Level.L6: (Role.DIRECTOR,),
}
"""The hotline's director stands in for offices without accounts. L4 comes of an instruction alone."""
DECIDERS = tuple(dict.fromkeys((*ISSUERS[Level.L2], *ISSUERS[Level.L3])))
"""Of proposals, each of those that they issue: a notice, or special supervision."""
ORDERED = (Level.L3, Level.L5, Level.L6)
"""Steps that only a person decides on, without a proposal."""
ORDERERS = (Role.DIRECTOR, Role.INSPECTION_OFFICE, Role.GOVERNMENT_OFFICE)
CLOSERS = (Role.SUPERVISOR, Role.DIRECTOR, Role.GOVERNMENT_OFFICE, Role.INSPECTION_OFFICE)
INSTRUCTORS = (Role.LEADER, Role.SUPERVISOR, Role.DIRECTOR, Role.GOVERNMENT_OFFICE)
"""Leaders write their own, the others record what a leader has written."""
REPORTERS = (Role.SUPERVISOR, Role.DIRECTOR, Role.GOVERNMENT_OFFICE)


def closers(level: Level) -> tuple[Role, ...]:
    """Who says that an answer is enough: the hotline, and whoever issues this level."""
    return (Role.SUPERVISOR, Role.DIRECTOR, *ISSUERS.get(level, ()))


@dataclass(frozen=True)
class Watched:
    """What is known of a ticket that a department has. `begun_at` is when its present limit began: with the
    dispatch, or with the rework. `reminders` and `dissatisfied` are counts that only rise."""

    ticket_id: int
    assignment_id: int
    begun_at: datetime
    sign_due_at: datetime
    signed_by_person: bool
    contact_due_at: datetime
    contact_tried: bool
    due_at: datetime
    reminders: int
    dissatisfied: int


@dataclass(frozen=True)
class Found:
    """A step that is due, and what set it off."""

    level: Level
    trigger: Trigger
    occurrence: str


def due_steps(seen: Watched, now: datetime, counting: Reckoner) -> Iterator[Found]:
    """Every step that is due by now, whether it was taken already or not."""
    stem = f"{seen.assignment_id}"
    by_due = f"{stem}:{seen.due_at:%Y%m%d%H%M}"
    for level, trigger, at in _moments(seen, counting):
        if now >= at:
            yield Found(level, trigger, f"{trigger}:{by_due}")
    if not seen.signed_by_person and now >= seen.sign_due_at:
        yield Found(Level.L1, Trigger.UNSIGNED, f"{Trigger.UNSIGNED}:{stem}")
    if not seen.contact_tried and now >= seen.contact_due_at:
        yield Found(Level.L1, Trigger.NO_CONTACT, f"{Trigger.NO_CONTACT}:{stem}")
    if seen.reminders:
        yield Found(Level.L1, Trigger.REMINDED, f"{Trigger.REMINDED}:{seen.reminders}")
    if often := seen.reminders // REMINDERS_FOR_A_NOTICE:
        yield Found(Level.L2, Trigger.REMINDED_OFTEN, f"{Trigger.REMINDED_OFTEN}:{often}")
    if seen.dissatisfied:
        yield Found(Level.L2, Trigger.DISSATISFIED, f"{Trigger.DISSATISFIED}:{seen.dissatisfied}")


def perfunctory_step(proposal_id: int) -> Found:
    """A second reply to the ticket was found perfunctory: a notice is proposed."""
    return Found(Level.L2, Trigger.PERFUNCTORY, f"{Trigger.PERFUNCTORY}:{proposal_id}")


def pressed_step(appeal_id: int) -> Found:
    """A citizen was pressed to withdraw: a notice is proposed."""
    return Found(Level.L2, Trigger.PRESSED, f"{Trigger.PRESSED}:{appeal_id}")


def reworked_step(reworks: int) -> Found:
    """The citizen says no once more after two reworks: special supervision is proposed (B7)."""
    return Found(Level.L3, Trigger.REWORKED_TWICE, f"{Trigger.REWORKED_TWICE}:{reworks}")


HIGH_LEVEL_STEP = Found(Level.L3, Trigger.HIGH_LEVEL, Trigger.HIGH_LEVEL)
"""What went to leaders first is supervised (B3): proposed once, as soon as a department has it."""


def _moments(seen: Watched, counting: Reckoner) -> Iterator[tuple[Level, Trigger, datetime]]:
    """Yellow before the due time, red with the first overdue working day, a notice after it."""
    limit = seen.due_at - seen.begun_at
    yield Level.L0, Trigger.HALF, seen.begun_at + limit / 2
    yield Level.L0, Trigger.FOUR_FIFTHS, seen.begun_at + limit * 4 / 5
    day_before = _working_day_before(seen.due_at, counting)
    if day_before > seen.begun_at:
        yield Level.L0, Trigger.DAY_BEFORE, day_before
    after_red = counting.extended(seen.due_at, working_days(1))
    yield Level.L1, Trigger.OVERDUE, max(after_red - timedelta(days=1), seen.due_at)
    yield Level.L2, Trigger.STILL_OVERDUE, after_red


def _working_day_before(due_at: datetime, counting: Reckoner) -> datetime:
    """The latest moment from which one working day still reaches the due time, to the day."""
    at = due_at - timedelta(days=1)
    while counting.due(at, working_days(1)) > due_at:
        at -= timedelta(days=1)
    return at


def notice_number(year: int, sequence: int) -> str:
    """`督〔2026〕0001号`."""
    return f"督〔{year}〕{sequence:04d}号"
