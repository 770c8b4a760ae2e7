"""How many agents an hour needs: Erlang's formula for a queue in which everybody waits (Erlang C, 1917).

Callers come at random, as many as `calls_per_hour`; each keeps an agent for `handling` seconds on average
(ring, talk and wrap-up). Nobody gives up, so a real queue does a little better.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """What comes in an hour: calls, and the mean seconds that one keeps an agent."""

    calls_per_hour: float
    handling: float

    def __post_init__(self) -> None:
        """Raises `ValueError` for what is no demand."""
        if self.calls_per_hour < 0 or self.handling <= 0:
            raise ValueError("calls cannot be negative, and each takes some time")

    @property
    def load(self) -> float:
        """Agents who would be busy on average, in erlang."""
        return self.calls_per_hour * self.handling / 3600


@dataclass(frozen=True)
class Promise:
    """So many of the callers (a share of 1) are answered within so many seconds. GB/T 33358: 15 seconds."""

    share: float = 0.95
    within: float = 15.0

    def __post_init__(self) -> None:
        """Raises `ValueError` for what cannot be promised."""
        if not 0 < self.share < 1 or self.within < 0:
            raise ValueError("a promise is a share between 0 and 1 and a time that is not negative")


def waiting_share(agents: int, load: float) -> float:
    """Share of the callers who wait at all (Erlang C); 1.0 when the agents cannot do the work."""
    if agents <= load:
        return 1.0
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = _blocked(blocked, number, load)
    return _waits(blocked, agents, load)


def answered_share(agents: int, demand: Demand, within: float) -> float:
    """Share of the callers who are answered within so many seconds."""
    if agents <= demand.load:
        return 0.0
    return _answered(waiting_share(agents, demand.load), agents, demand, within)


def agents_needed(demand: Demand, promise: Promise | None = None) -> int:
    """The fewest agents who keep the promise; one at least, for the hotline is open at any hour."""
    kept, load = promise or Promise(), demand.load
    agents, blocked = 1, _blocked(1.0, 1, load)
    while (
        agents <= load or _answered(_waits(blocked, agents, load), agents, demand, kept.within) < kept.share
    ):
        agents += 1
        blocked = _blocked(blocked, agents, load)
    return agents


def _blocked(before: float, agents: int, load: float) -> float:
    """Erlang B by its recursion from one agent fewer, which never leaves 0..1."""
    return load * before / (agents + load * before)


def _waits(blocked: float, agents: int, load: float) -> float:
    return blocked / (1 - load / agents * (1 - blocked))


def _answered(waiting: float, agents: int, demand: Demand, within: float) -> float:
    return 1 - waiting * math.exp(-(agents - demand.load) * within / demand.handling)
