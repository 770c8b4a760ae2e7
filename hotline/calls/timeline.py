"""Who did what on a call, and when: legs with their spans, as the PBX's channel events tell them.

Pure: the telephone side builds these, the core stores them and counts. Within one leg spans never overlap,
so that the seconds of a leg add up to no more than it lasted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class SpanKind(StrEnum):
    """What a person did for a while. Nobody does two of them at once."""

    RING = "ring"  # the telephone rang
    WAIT = "wait"  # prompts, music of the queue, alone
    TALK = "talk"  # heard somebody, and was heard
    HOLD = "hold"  # held, or holding somebody while talking to nobody


class LegRole(StrEnum):
    """What somebody is to the call."""

    CALLER = "caller"
    AGENT = "agent"
    THIRD = "third"
    SUPERVISOR = "supervisor"  # took part (barged in, took over); whoever only listens is in no bridge


@dataclass(frozen=True)
class Span:
    """One kind of doing from `begin` to `end`; `others` are the uniqueids of those who were talked with."""

    kind: SpanKind
    begin: datetime
    end: datetime
    others: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return (self.end - self.begin).total_seconds()

    def within(self, begin: datetime, end: datetime) -> float:
        """Seconds of this span that lie between two moments."""
        return max(timedelta(), min(self.end, end) - max(self.begin, begin)).total_seconds()

    def as_json(self) -> dict[str, Any]:
        """What is stored; `from_json` reads it."""
        return {
            "kind": self.kind.value,
            "begin": self.begin.isoformat(),
            "end": self.end.isoformat(),
            "others": list(self.others),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Span":
        begin, end = (datetime.fromisoformat(stored[name]) for name in ("begin", "end"))
        return cls(SpanKind(stored["kind"]), begin, end, tuple(stored["others"]))


@dataclass(frozen=True)
class TimedLeg:
    """One person's channel in a call. `extension` is an agent's seat, None for everybody else."""

    uniqueid: str
    channel: str
    role: LegRole
    extension: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    spans: tuple[Span, ...]

    def seconds(self, kind: SpanKind) -> float:
        """For how long this person did it."""
        return sum(span.seconds for span in self.spans if span.kind is kind)


def talked_with(legs: Iterable[TimedLeg]) -> dict[tuple[str, str], float]:
    """Seconds that two people heard each other, by their uniqueids in alphabetical order."""
    together: dict[tuple[str, str], float] = {}
    for leg in legs:
        for span in leg.spans:
            for other in (other for other in span.others if leg.uniqueid < other):
                pair = (leg.uniqueid, other)
                together[pair] = together.get(pair, 0.0) + span.seconds
    return together


def total(legs: Sequence[TimedLeg], kind: SpanKind, role: LegRole | None = None) -> float:
    """Seconds of a kind over all legs, or those of one role."""
    return sum(leg.seconds(kind) for leg in legs if role is None or leg.role is role)
