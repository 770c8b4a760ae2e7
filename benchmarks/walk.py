"""Random moves by random actors through the life of tickets, as many as one likes.

    python -m benchmarks.walk [MOVES] [SEED]

A walk has a dozen tickets and some hundred moves on SQLite, and ends with every ticket in the archive; what
holds of tickets is checked after every move (`tests/walking/checks.py`). The first walk in every town is
replayed on a private PostgreSQL, and has to be the same there. The first move that leads astray ends it with
the steps before it. A million moves take hours.
"""

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hotline.database import Database
from hotline.tickets.lifecycle import TRANSITIONS
from tests.factories import FixedClock
from tests.postgres import Cluster
from tests.walking.finishing import Finisher, wander
from tests.walking.town import Town
from tests.walking.walker import Walker, snapshot

MOVES = 3_000
SEED = 12345
RANDOM_STEPS = 400
TICKETS = 4
WALKS_IN_A_TOWN = 50
TEMPLATE = "walk"


@dataclass
class Tally:
    """What was walked so far, of how many moves."""

    wanted: int
    moves: int = 0
    refused: int = 0
    walks: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def progress(self) -> None:
        """One line on standard error."""
        pace = self.moves / (time.monotonic() - self.began)
        print(f"\r{self.moves:,} of {self.wanted:,} moves, {pace:.0f} a second", end="", file=sys.stderr)


def main(moves: int, seed: int) -> int:
    """Exit status 0; a walk that leads astray raises."""
    chance, tally = random.Random(seed), Tally(moves)
    with tempfile.TemporaryDirectory(prefix="hotline-walk-") as name, Cluster() as cluster:
        folder = Path(name)
        _migrated(f"sqlite:///{folder / TEMPLATE}")
        for number in count():
            _walk_in_town(folder, cluster, number, chance, tally)
            if tally.moves >= moves:
                break
    print(file=sys.stderr)
    ids = {f"{row.source or '-'} {row.event}": row.id for row in TRANSITIONS}
    never = ", ".join(name for key, name in ids.items() if not tally.rows[key]) or "none"
    figures = f"{tally.moves:,} moves in {tally.walks:,} walks, seed {seed}, {tally.refused:,} refused"
    print(f"walk: {figures}, none astray; rows of the table never walked: {never}")
    return 0


def _walk_in_town(folder: Path, cluster: Cluster, number: int, chance: random.Random, tally: Tally) -> None:
    path = folder / f"town{number}"
    shutil.copyfile(folder / TEMPLATE, path)
    database = Database(f"sqlite:///{path}")
    walker = Walker(Town.founded(database, FixedClock(), folder))
    for walk in range(WALKS_IN_A_TOWN):
        for _ in range(RANDOM_STEPS):
            wander(walker, chance, TICKETS)
        Finisher(walker).finish()
        if walk == 0:
            _replay(cluster, number, walker, folder)
        tally.moves, tally.walks = tally.moves + len(walker.town.steps), tally.walks + 1
        tally.progress()
        walker.begin_anew()
        if tally.moves >= tally.wanted:
            break
    walker.count_walked()
    tally.rows += walker.walked
    tally.refused += walker.refused
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
