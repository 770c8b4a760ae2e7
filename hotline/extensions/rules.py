"""What stands against an extension (rulebook B5.5). Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.deadlines.rules import may_ask_for_extension
from hotline.people.actors import Actor, Role
from hotline.tickets.states import KeptOpenBy, Urgency

MOST_EXTENSIONS = 2  # the second only by the director
FIRST_JUDGES = (Role.DISPATCHER, Role.SUPERVISOR)
SECOND_JUDGES = (Role.DIRECTOR,)
INSTRUCTING_JUDGES = (Role.LEADER, Role.GOVERNMENT_OFFICE, Role.DIRECTOR)
"""Whoever a leader's instruction comes from; the director stands in for a leader without an account."""
JUDGES = (*FIRST_JUDGES, *INSTRUCTING_JUDGES)


class Obstacle(StrEnum):
    """Why an extension is not asked for, or not decided."""

    FLASH = "flash"
    OVERDUE = "overdue"
    WAITING = "waiting"
    TOO_OFTEN = "too_often"
    TOO_LONG = "too_long"
    NO_PLAN = "no_plan"
    NO_REASON = "no_reason"
    NOT_TOLD = "not_told"
    OWN_REQUEST = "own_request"
    NOTHING_WAITS = "nothing_waits"


@dataclass(frozen=True)
class Granted:
    """What a department has had of extensions for a ticket: how often and how many days, and whether a
    request waits."""

    times: int
    days: int
    waits: bool


def against_asking(urgency: Urgency, due_at: datetime, now: datetime, granted: Granted) -> Obstacle | None:
    """Whether a request is possible at all."""
    if not may_ask_for_extension(urgency, due_at, now):
        return Obstacle.FLASH if urgency is Urgency.FLASH else Obstacle.OVERDUE
    if granted.waits:
        return Obstacle.WAITING
    return Obstacle.TOO_OFTEN if granted.times >= MOST_EXTENSIONS else None


def against_days(days: int, granted: Granted, most: int) -> Obstacle | None:
    """Whether so many days are too many together with those granted; `most` in all."""
    return None if 1 <= days <= most - granted.days else Obstacle.TOO_LONG


def judges(granted: Granted, kept_open_by: KeptOpenBy | None = None) -> tuple[Role, ...]:
    """Who decides: the instructing side while an instruction is open, else the director on a second one."""
    if kept_open_by is KeptOpenBy.INSTRUCTION:
        return INSTRUCTING_JUDGES
    return SECOND_JUDGES if granted.times else FIRST_JUDGES


def against_deciding(actor: Actor, asked_by_id: int, department_id: int) -> Obstacle | None:
    """Nobody decides on their own department's request."""
    own = asked_by_id == actor.user_id or department_id == actor.department_id
    return Obstacle.OWN_REQUEST if own else None
