"""Who is served before whom, by which agents, and for how long only by those.

Every caller's place is a moment: when they came, less a head start. The line is served in the order of these
moments, whatever queue a caller leaves and comes back to, and an owed callback stands among the callers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

GENERAL = "hotline"
"""The queue of everybody; each agent is in it."""
SPECIALIST = 1
"""Penalty of those who have a skill, in the general queue: they are asked after those who have none."""
_SKILL = "skill-"
BEST_LEVEL, WORST_LEVEL = 1, 9

CUT_OFF_COUNTS = timedelta(hours=1)
HEAD_OF_LINE = timedelta(hours=1)
AGAIN_TODAY = timedelta(minutes=2)
LONGEST = timedelta(days=1)


def queue_of(skill: str) -> str:
    """Asterisk's queue of a skill; of no skill, the general one."""
    return f"{_SKILL}{skill}" if skill else GENERAL


def skill_of(queue: str) -> str:
    """The skill of one of Asterisk's queues; empty for the general one."""
    return queue.removeprefix(_SKILL) if queue.startswith(_SKILL) else ""


def penalties(levels: Mapping[str, int]) -> dict[str, int]:
    """An agent's queues with the penalty in each (the least is asked first). `levels` are their skills.

    Nobody is in the queue of a skill that they lack: Asterisk would hold them back for it (decision 0013).
    """
    skilled = {queue_of(skill): level - BEST_LEVEL for skill, level in levels.items()}
    return {GENERAL: SPECIALIST if levels else 0, **skilled}


@dataclass(frozen=True)
class Circumstances:
    """What is known of a caller as the call comes in."""

    now: datetime
    line_head_start: timedelta = timedelta()
    owed_since: datetime | None = None
    cut_off_at: datetime | None = None
    reached_nobody_today: bool = False


@dataclass(frozen=True)
class Place:
    """Where a call waits. After `overflow_seconds` it waits with everybody; None means that it never does."""

    queue: str
    head_start_seconds: int = 0
    overflow_seconds: int | None = None


def head_start(known: Circumstances) -> timedelta:
    """How much earlier than they came a caller is counted; the best reason counts, not their sum.

    Dropped by us: the head of the line. Owed a callback: the place that it has. Called in vain today: two
    minutes. A line's own (for the elderly) as it is set.
    """
    reasons = [known.line_head_start]
    if known.cut_off_at is not None and known.now - known.cut_off_at <= CUT_OFF_COUNTS:
        reasons.append(HEAD_OF_LINE)
    if known.owed_since is not None:
        reasons.append(known.now - known.owed_since)
    if known.reached_nobody_today:
        reasons.append(AGAIN_TODAY)
    return min(max(*reasons, timedelta()), LONGEST)
