"""How long somebody will wait, and how wrong we were when we said so."""

from collections.abc import Sequence
from dataclasses import dataclass

USUAL_TALK_SECONDS = 180.0
"""Before anything is known of the day."""
FEWEST_TALKS = 5
"""With fewer, the usual talk counts for those that are missing."""
RING_SECONDS = 5.0


STEPS_FROM_MINUTES, STEP_MINUTES = 10, 5
LONGEST_TOLD_SECONDS = 7200.0
"""Nobody can promise anything beyond; such callers are told their place alone."""


@dataclass(frozen=True)
class Estimate:
    """A caller's place, counted from one, and the wait from now; None while nobody is at work."""

    position: int
    seconds: float | None


@dataclass(frozen=True)
class Accuracy:
    """What callers were told beside what came, in seconds; over `count` of them."""

    count: int
    said: float
    waited: float
    off: float
    """Mean of how far each estimate was off, to either side."""


def mean_talk(talks: Sequence[float]) -> float:
    """Mean handling time (talk and wrap-up, seconds) of the last talks, steady while there are few."""
    missing = max(0, FEWEST_TALKS - len(talks))
    return (sum(talks) + missing * USUAL_TALK_SECONDS) / (len(talks) + missing)


def expected_wait(position: int, free: int, working: int, talk_seconds: float) -> float | None:
    """Seconds until the caller at this place is answered.

    While all are busy, agents become free one after another, each every `talk_seconds / working` on average
    (exact where talks last by chance alone, in whatever moment one asks); whoever is free already takes one.
    """
    if working <= 0:
        return None
    ahead = position - free
    return RING_SECONDS + max(0, ahead) * talk_seconds / working


def told_minutes(seconds: float | None) -> int | None:
    """The minutes that are spoken for a wait, in steps of five from ten on; 0 is less than one minute, None
    is nothing."""
    if seconds is None or seconds > LONGEST_TOLD_SECONDS:
        return None
    minutes = int(seconds // 60)
    return minutes if minutes < STEPS_FROM_MINUTES else round(minutes / STEP_MINUTES) * STEP_MINUTES


def accuracy(pairs: Sequence[tuple[float, float]]) -> Accuracy:
    """Of pairs of what was said and what was waited."""
    if not pairs:
        return Accuracy(0, 0.0, 0.0, 0.0)
    count = len(pairs)
    said, waited = (sum(pair[side] for pair in pairs) / count for side in (0, 1))
    return Accuracy(count, said, waited, sum(abs(a - b) for a, b in pairs) / count)
