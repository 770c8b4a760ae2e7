"""A day of 12345: are 95 % answered within 15 seconds by the agents whom the calculator proposes?

    python -m benchmarks.day [CALLS]

First the simulation is held against a real Asterisk: a busy room with real calls, and the same calls
simulated with the rules of the same rendered `queues.conf`. Then days with the hourly curve of a city are
simulated with the staffing of `hotline.insight.erlang`, and the calculator's error by half-hour is printed.
"""

import logging
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import structlog

from benchmarks._queue_room import Arrival, QueueRules, Room, waits
from hotline.insight.erlang import Demand, Promise, agents_needed, answered_share
from ivr.network import Line, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard

CALLS = 7_000
DAYS = 10
HALF_HOUR = 1800.0
PROMISE = Promise(share=0.95, within=15.0)
TALK_SECONDS, TALK_SPREAD = 170.0, 0.6  # mean; standard deviation of the logarithm
RING_SECONDS = (1.0, 4.0)
RANG_OUT = 0.005  # share of the rings that nobody hears
# Share of the day's calls by hour, from midnight: nights are quiet, mornings and afternoons have a peak.
CURVE = (9, 6, 4, 3, 3, 5, 12, 32, 72, 98, 92, 70, 48, 56, 78, 76, 68, 58, 44, 42, 40, 34, 26, 18)

REAL_AGENTS = 8
REAL_SECONDS = 75.0
REAL_TALK = 3.0
REAL_RING = 0.5
REAL_CALLS_A_SECOND = 1.35
TOLERANCE = 0.5


def main(calls: int) -> int:
    """Exit status 0 if the promise is kept and the simulation is like Asterisk."""
    dice = random.Random(12345)
    rules, real, simulated = _against_asterisk(dice)
    really, supposed = statistics.mean(real), statistics.mean(simulated)
    for name, found in (("real Asterisk", real), ("simulated", simulated)):
        deciles = ", ".join(f"{wait:.1f}" for wait in statistics.quantiles(found, n=10)[::2])
        print(
            f"{name}: {len(found)} calls to {REAL_AGENTS} agents, waits at 10, 30, 50, 70, 90 %: {deciles} s"
        )
    like = abs(really - supposed) <= TOLERANCE
    share = _days(dice, calls, rules)
    good = like and share >= PROMISE.share
    print(
        f"day: {'good' if good else 'MISSED'}; answered within {PROMISE.within:.0f} s: {share:.3f}, "
        f"ratio to the goal {share / PROMISE.share:.3f}; mean wait {really:.2f} s at a real Asterisk, "
        f"{supposed:.2f} s simulated (at most {TOLERANCE} s apart)"
    )
    return 0 if good else 1


def _days(dice: random.Random, calls: int, rules: QueueRules) -> float:
    """The share of calls that were answered in time."""
    demands = _demands(calls, rules)
    quick = Promise(PROMISE.share, PROMISE.within - statistics.mean(RING_SECONDS))
    staffing = [agents_needed(demand, quick) for demand in demands]
    said = [
        answered_share(agents, demand, quick.within) for agents, demand in zip(staffing, demands, strict=True)
    ]
    in_time: list[list[bool]] = [[] for _ in demands]
    for _ in range(DAYS):
        arrivals = _arrivals(dice, demands)
        room = Room([(number * HALF_HOUR, agents) for number, agents in enumerate(staffing)])
        for call, wait in zip(arrivals, waits(arrivals, rules, room), strict=True):
            in_time[int(call.at // HALF_HOUR)].append(wait <= PROMISE.within)
    _say_errors(said, in_time)
    answered = [kept for half_hour in in_time for kept in half_hour]
    print(
        f"{DAYS} days of {len(answered) // DAYS} calls, {min(staffing)} to {max(staffing)} agents, "
        f"{sum(staffing) / 2:.0f} hours of work a day"
    )
    return statistics.mean(answered)


def _say_errors(said: Sequence[float], in_time: Sequence[Sequence[bool]]) -> None:
    """What the calculator said of each half-hour, less what was."""
    errors = [share - statistics.mean(kept) for share, kept in zip(said, in_time, strict=True) if kept]
    print(
        "the calculator's error by half-hour, in shares answered in time: "
        f"mean {statistics.mean(errors):+.3f}, largest {max(errors, key=abs):+.3f}"
    )


def _demands(calls: int, rules: QueueRules) -> list[Demand]:
    handling = TALK_SECONDS + statistics.mean(RING_SECONDS) + rules.wrapuptime
    return [Demand(calls * share / sum(CURVE), handling) for share in CURVE for _ in range(2)]


def _arrivals(dice: random.Random, demands: Sequence[Demand]) -> list[Arrival]:
    found: list[Arrival] = []
    location = _location(TALK_SECONDS)
    for number, demand in enumerate(demands):
        at = number * HALF_HOUR
        while (at := at + dice.expovariate(demand.calls_per_hour / 3600)) < (number + 1) * HALF_HOUR:
            ring = float("inf") if dice.random() < RANG_OUT else dice.uniform(*RING_SECONDS)
            found.append(Arrival(at, dice.lognormvariate(location, TALK_SPREAD), ring, dice.random()))
    return found


def _location(mean: float) -> float:
    """Of the lognormal distribution with this mean and `TALK_SPREAD`."""
    return math.log(mean) - TALK_SPREAD**2 / 2


def _against_asterisk(dice: random.Random) -> tuple[QueueRules, list[float], list[float]]:
    """The rules, and what callers waited in reality and in the simulation, with the same calls."""
    with tempfile.TemporaryDirectory(prefix="day.") as folder:
        settings = private_settings(Path(folder), queue_timeout_seconds=300, wrap_up_seconds=1)
        shorten_greeting(settings.state_dir)
        seats = tuple(seats_of([f"{2001 + number}" for number in range(REAL_AGENTS)], settings.secrets.sip))
        with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
            board = Switchboard(settings, pbx, network, seats)
            for seat in seats:
                network.agent_phone(seat.extension, seat.password, _talk)
                pbx.control(f"queue add member PJSIP/{seat.desk} to hotline")
            begun = _call(network, dice)
            real = _waited(board)
            rules = QueueRules.read(pbx.instance.folder / "conf" / "queues.conf")
    arrivals = [Arrival(at, REAL_TALK, REAL_RING, dice.random()) for at in begun]
    return rules, real, waits(arrivals, rules, Room([(0.0, REAL_AGENTS)]))


def _talk(line: Line) -> None:
    line.ring(REAL_RING)
    line.answer()
    line.listen(REAL_TALK)


def _call(network: TelephoneNetwork, dice: random.Random) -> list[float]:
    """Moments at which callers came, in seconds from the first."""
    begun, calls, moments = time.monotonic(), [], []
    while (now := time.monotonic() - begun) < REAL_SECONDS:
        moments.append(now)
        calls.append(network.citizen_calls(f"139{len(calls):08d}", _stay))
        time.sleep(dice.expovariate(REAL_CALLS_A_SECOND))
    for call in calls:
        call.wait_ended(120)
    return moments


def _stay(line: Line) -> None:
    line.answer()
    line.listen(300)


def _waited(board: Switchboard) -> list[float]:
    """From the queue to the agent's answer, by the channel events."""
    found = []
    for linkedid in board.calls():
        rows = board.events(linkedid)
        queued = [row.at for row in rows if row.kind == "APP_START" and row.application == "Queue"]
        answered = [row.at for row in rows if row.kind == "ANSWER" and row.uniqueid != linkedid]
        if queued and answered:
            found.append(_seconds(queued[0], answered[0]))
    return found


def _seconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS))
