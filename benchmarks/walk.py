"""Random moves by random actors through the life of tickets, as many as one likes.

    python -m benchmarks.walk [MOVES] [SEED]

A walk has a handful of tickets and some hundred moves on SQLite, and ends with every ticket in the archive;
what holds of tickets is checked after every move (`tests/walking/checks.py`). What seldom came about so far
is tried more often. The first walk in every town is replayed on a private PostgreSQL, and has to be the same
there. The first move that leads astray ends it with the steps before it. At the end it prints how often each
row of the lifecycle's table and each move was done and refused. A million moves take hours.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hotline.database import Database
from hotline.tickets.lifecycle import TRANSITIONS
from tests.factories import FixedClock
from tests.postgres import Cluster
from tests.walking.finishing import Finisher, wander
from tests.walking.town import Town
from tests.walking.walker import MOVES as DEEDS
from tests.walking.walker import Tally, Walker, snapshot

MOVES = 3_000
SEED = 12345
RANDOM_STEPS = 400
TICKETS = 6
WALKS_IN_A_TOWN = 50
TEMPLATE = "walk"


@dataclass
class Way:
    """How far it has gone, of how many moves."""

    wanted: int
    tally: Tally = field(default_factory=Tally)
    moves: int = 0
    walks: int = 0
    began: float = field(default_factory=time.monotonic)

    def progress(self) -> None:
        """One line on standard error."""
        pace = self.moves / (time.monotonic() - self.began)
        print(f"\r{self.moves:,} of {self.wanted:,} moves, {pace:.0f} a second", end="", file=sys.stderr)


def main(moves: int, seed: int) -> int:
    """Exit status 0; a walk that leads astray raises."""
    chance, way = random.Random(seed), Way(moves)
    with tempfile.TemporaryDirectory(prefix="hotline-walk-") as name, Cluster() as cluster:
        folder = Path(name)
        _migrated(f"sqlite:///{folder / TEMPLATE}")
        for number in count():
            _walk_in_town(folder, cluster, number, chance, way)
            if way.moves >= moves:
                break
    print(file=sys.stderr)
    for line in (*_rows_walked(way.tally), *_moves_made(way.tally)):
        print(line)
    refused = sum(way.tally.refused.values())
    figures = f"{way.moves:,} moves in {way.walks:,} walks, seed {seed}, {refused:,} refused"
    print(f"walk: {figures}, none astray; never: {', '.join(_never(way.tally)) or 'none'}")
    return 0


def _rows_walked(tally: Tally) -> Iterator[str]:
    yield "row  done  refused  of the lifecycle"
    for row in TRANSITIONS:
        done = tally.rows[row.source, row.event, row.target]
        refused = tally.rows_refused[row.source, row.event] if row.source else 0
        yield f"{row.id} {done:6,} {refused:6,}  {row.source or '-'} {row.event} {row.target}"


def _moves_made(tally: Tally) -> Iterator[str]:
    yield "  done  refused  move"
    for name in DEEDS:
        yield f"{tally.done[name]:6,} {tally.refused[name]:6,}  {name}"


def _never(tally: Tally) -> Iterator[str]:
    yield from (row.id for row in TRANSITIONS if not tally.rows[row.source, row.event, row.target])
    yield from (name for name in DEEDS if not tally.done[name])


def _walk_in_town(folder: Path, cluster: Cluster, number: int, chance: random.Random, way: Way) -> None:
    path = folder / f"town{number}"
    shutil.copyfile(folder / TEMPLATE, path)
    database = Database(f"sqlite:///{path}")
    walker = Walker(Town.founded(database, FixedClock(), folder), way.tally)
    for walk in range(WALKS_IN_A_TOWN):
        for _ in range(RANDOM_STEPS):
            wander(walker, chance, TICKETS)
        Finisher(walker).finish()
        if walk == 0:
            _replay(cluster, number, walker, folder)
        way.moves, way.walks = way.moves + len(walker.town.steps), way.walks + 1
        way.progress()
        walker.begin_anew()
        if way.moves >= way.wanted:
            break
    walker.town.close()
    database.dispose()
    path.unlink()


def _replay(cluster: Cluster, number: int, walker: Walker, folder: Path) -> None:
    """The same steps on PostgreSQL. Raises `AssertionError` where something is not the same."""
    name = f"town{number}"
    cluster.create(name)
    database = Database(cluster.url(name))
    database.upgrade()
    other = Walker(Town.founded(database, FixedClock(), folder))
    for step, outcome in zip(walker.town.steps, walker.town.outcomes, strict=True):
        assert other.take(step) == outcome, f"{step} is {outcome} on SQLite, and not on PostgreSQL"
    assert snapshot(other.town) == snapshot(walker.town)
    database.dispose()
    cluster.drop(name)


def _migrated(url: str) -> None:
    database = Database(url)
    database.upgrade()
    database.dispose()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(given + [MOVES, SEED][len(given) :])))
