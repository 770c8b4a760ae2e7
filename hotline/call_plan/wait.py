"""The wait of a caller as one row of steps: chains of overflow, and the chains that they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hotline.call_plan.document import OverflowStep, OverflowTo, Plan

_ELSEWHERE = (OverflowTo.DUTY, OverflowTo.MESSAGE)


@dataclass(frozen=True)
class Waypoint:
    """A step of the wait, seconds after the queue was entered. `phone` and `ring_seconds` belong to `DUTY`,
    `skill` to `SKILL`."""

    after_seconds: int
    to: OverflowTo
    phone: str = ""
    ring_seconds: int = 0
    skill: str = ""


def flattened(plan: Plan, code: str) -> tuple[Waypoint, ...]:
    """A chain with the chains that it leads to, in seconds from the queue's entrance, to its first end.

    A chain that leads back to one already walked ends there.
    """
    waypoints: list[Waypoint] = []
    chain, begun_at, walked = plan.overflow(code), 0, set[str]()
    while chain is not None and chain.code not in walked:
        walked.add(chain.code)
        following = None
        for step in sorted(chain.steps, key=lambda one: one.after_seconds):
            at = begun_at + step.after_seconds
            if step.to is OverflowTo.CHAIN:
                following, begun_at = plan.overflow(step.chain) if step.chain else None, at
                break
            waypoints.append(_waypoint(at, step))
            if step.to is OverflowTo.MESSAGE:
                break
        chain = following
    return tuple(waypoints)


def in_order(*points: Waypoint) -> tuple[Waypoint, ...]:
    """By time; of two at once the one that was named first comes first."""
    return tuple(sorted(points, key=lambda point: point.after_seconds))


def facts_of(wait: Sequence[Waypoint]) -> list[dict[str, str]]:
    """What is worth telling of each step. `at_once` is `yes` where a telephone that nobody answers leads to
    the next telephone or the message box, not back to the queue."""
    ends = [False] * len(wait)
    for index, (point, following) in enumerate(pairwise(wait)):
        over = point.after_seconds + point.ring_seconds
        ends[index] = following.to in _ELSEWHERE and following.after_seconds <= over
    return [_facts(point, at_once) for point, at_once in zip(wait, ends, strict=True)]


def _facts(point: Waypoint, at_once: bool) -> dict[str, str]:
    return {
        "seconds": str(point.after_seconds),
        "phone": point.phone,
        "ring_seconds": str(point.ring_seconds),
        "skill": point.skill,
        "at_once": "yes" if at_once else "",
    }


def _waypoint(at: int, step: OverflowStep) -> Waypoint:
    """Of a step that leads to no other chain, without what belongs to another kind of step."""
    if step.to is OverflowTo.DUTY:
        return Waypoint(at, step.to, phone=step.phone, ring_seconds=step.ring_seconds)
    return Waypoint(at, step.to, skill=step.skill if step.to is OverflowTo.SKILL else "")
