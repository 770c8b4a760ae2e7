"""The steps of a wait as the dialplan reads them (`WAIT_STEPS` and `OVERFLOW` in `ivr/variables.py`)."""

from collections.abc import Collection, Sequence

from hotline.call_plan.document import OverflowTo
from hotline.call_plan.wait import Waypoint
from hotline.queueing.rules import GENERAL, queue_of
from ivr.variables import YES

_AMONG_AGENTS = (OverflowTo.SKILL, OverflowTo.WIDER)


def steps(wait: Sequence[Waypoint], seats: Collection[str], longest_seconds: int) -> str:
    """Telephones and the message box. Where the plan has no message box, it comes after `longest_seconds`, or
    after the last telephone if that is later."""
    told, ends_at = [], None
    latest = longest_seconds
    for point in wait:
        if point.to is OverflowTo.DUTY and point.phone:
            seat = YES if point.phone in seats else "no"
            told.append(f"{point.after_seconds}:{point.phone}:{seat}:{point.ring_seconds}")
            latest = max(latest, point.after_seconds + point.ring_seconds)
        elif point.to is OverflowTo.MESSAGE:
            ends_at = point.after_seconds
    return "&".join([*told, f"{latest if ends_at is None else ends_at}:"])


def other_queues(wait: Sequence[Waypoint], skill_seconds: int | None) -> str:
    """The queues that the first one is left for. Where the plan never asks everybody, `skill_seconds` says
    after how long the last skill's callers wait with all (None: never)."""
    asked = [point for point in wait if point.to in _AMONG_AGENTS]
    told = [f"{point.after_seconds}:{queue_of(point.skill)}" for point in asked]
    widens = any(point.to is OverflowTo.WIDER for point in asked)
    if not widens and skill_seconds is not None:
        latest = asked[-1].after_seconds if asked else 0
        told.append(f"{latest + skill_seconds}:{GENERAL}")
    return "&".join(told)
