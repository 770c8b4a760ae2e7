"""A room of agents behind one queue, simulated call by call with the rules of Asterisk's `queues.conf`.

Callers are taken in the order of their coming. Whoever finds nobody free looks again every `retry` seconds.
One agent is rung at a time; who does not answer within `timeout` seconds is left, and another one is rung.
After a call an agent is left alone for `wrapuptime`.
"""

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_OPTION = re.compile(r"^(\w+) = ([\w.]+)", re.MULTILINE)


@dataclass(frozen=True)
class QueueRules:
    """Of the hotline's queues, in seconds."""

    timeout: float
    retry: float
    wrapuptime: float

    @classmethod
    def read(cls, conf: Path) -> "QueueRules":
        """From Asterisk's rendered file. Raises `ValueError` for a strategy that is not simulated."""
        options = dict(reversed(_OPTION.findall(conf.read_text())))
        if options["strategy"] != "rrmemory":
            raise ValueError(f"the strategy {options['strategy']} is not simulated")
        return cls(*(float(options[name]) for name in ("timeout", "retry", "wrapuptime")))


@dataclass(frozen=True)
class Arrival:
    """A caller: comes `at`, talks for `talk`, is rung through after `ring` (never, if that is longer than the
    queue's `timeout`), and looks for a free agent at the `phase` (0..1) of each `retry`. Seconds."""

    at: float
    talk: float
    ring: float
    phase: float


class Room:
    """Agents, as many at a moment as the shifts say: pairs of a beginning and a number, in their order."""

    def __init__(self, shifts: Sequence[tuple[float, int]]) -> None:
        self._coming = list(shifts)
        self._free_at: list[float] = []

    def take(self, wanted_at: float) -> float:
        """When somebody is free, not before `wanted_at`. That agent is engaged until `release`."""
        self._change_shifts(wanted_at)
        while self._coming and (not self._free_at or self._free_at[0] > self._coming[0][0] > wanted_at):
            self._change_shifts(self._coming[0][0])
        return max(wanted_at, heapq.heappop(self._free_at))

    def release(self, at: float) -> None:
        """The agent who was taken last is free again at this moment."""
        heapq.heappush(self._free_at, at)

    def _change_shifts(self, now: float) -> None:
        """Who comes is free at once; who goes is whoever is free first, after the call if there is one."""
        while self._coming and self._coming[0][0] <= now:
            begins, agents = self._coming.pop(0)
            while len(self._free_at) < agents:
                heapq.heappush(self._free_at, begins)
            while len(self._free_at) > agents:
                heapq.heappop(self._free_at)


def waits(arrivals: Iterable[Arrival], rules: QueueRules, room: Room) -> list[float]:
    """Seconds that each caller waited, from the queue to an agent's answer. Arrivals in the order of `at`."""
    found: list[float] = []
    for caller in arrivals:
        start = room.take(caller.at)
        if start > caller.at:
            start += rules.retry * caller.phase
        ring = caller.ring
        if ring > rules.timeout:
            room.release(start + rules.timeout)
            start, ring = room.take(start + rules.timeout + rules.retry), rules.retry
        room.release(start + ring + caller.talk + rules.wrapuptime)
        found.append(start + ring - caller.at)
    return found
