"""A season of tickets through the real services into PostgreSQL, beside what the driver takes to write it.

    python -m benchmarks.season [TICKETS]

819,900 tickets over 118 days are the whole season; a smaller number is the same season on a smaller scale.
Every INSERT, UPDATE and DELETE of the services is noted with its transaction, and written once more by the
driver alone into a second database of the same server, in the same run and in small turns, so that whatever
else the machine does meets both. The server keeps what it is given (fsync), unlike that of the tests. Then,
among these tickets: pages of lists, the search, and a sweep over a thousand due rows.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks._season import DAYS, Season, founded
from benchmarks._season_pages import lists, searches, sweep_of
from benchmarks._writes import Driver, Notes
from hotline.cli.memory import keep_what_is_loaded
from hotline.database import Database
from tests.factories import FixedClock, make_context
from tests.postgres import LASTING, Cluster

TICKETS = 1_000
LEAST_RATIO = 0.25
PAGE_MS = 100.0
SEARCH_MS = 200.0
SWEEP_SECONDS = 1.0
DUE_ROWS = 1_000
AFTERWARDS = 3  # days until everything of the last day has been asked about
SEED = 12345


def main(tickets: int) -> int:
    """Exit status 0 if every figure is within its limit."""
    with Cluster(LASTING) as cluster, tempfile.TemporaryDirectory(prefix="hotline-season-") as folder:
        season, driver = _city(cluster, "season", folder), Driver.to(_copy(cluster, folder))
        keep_what_is_loaded()  # as every process of the hotline does
        _play(season, driver, tickets)
        ratio = _stages(season, driver)
        driver.link.close()
        pages = _p95(lists(season))
        found = _p95(searches(season))
        swept = sweep_of(season, DUE_ROWS)
        season.context.database.dispose()
    right = (ratio >= LEAST_RATIO, pages <= PAGE_MS, found <= SEARCH_MS, swept <= SWEEP_SECONDS)
    print(
        f"season of {tickets:,} tickets: ratio {ratio:.2f} (limit {LEAST_RATIO}),"
        f" lists p95 {pages:.0f} ms ({PAGE_MS:.0f}), search p95 {found:.0f} ms ({SEARCH_MS:.0f}),"
        f" sweep of {DUE_ROWS:,} due rows {swept:.2f} s ({SWEEP_SECONDS:.0f})"
    )
    return 0 if all(right) else 1


def _city(cluster: Cluster, name: str, folder: str) -> Season:
    cluster.create(name)
    database, clock, chance = Database(cluster.url(name)), FixedClock(), random.Random(SEED)
    database.upgrade()
    context = make_context(database, clock, Path(folder), follow_up_delay_seconds=0)
    return founded(context, clock, Notes(database), chance)


def _copy(cluster: Cluster, folder: str) -> str:
    """The same city before its first ticket, for the driver. Returns its URL."""
    _city(cluster, "copy", folder).context.database.dispose()
    return cluster.url("copy")


def _play(season: Season, driver: Driver, tickets: int) -> None:
    """Day by day, the driver after each."""
    for day in range(DAYS + AFTERWARDS):
        season.day(day, tickets * (day + 1) // DAYS - tickets * day // DAYS if day < DAYS else 0)
        driver.write(season.notes)
        seconds = sum(season.notes.seconds.values())
        done = f"day {day + 1}: {season.arrived:,} arrived, {season.closed:,} closed, {seconds:.0f} s"
        print(f"\r{done}", end="", file=sys.stderr)
    print(file=sys.stderr)


def _stages(season: Season, driver: Driver) -> float:
    """Prints seconds of both by stage. Returns the bare time over that of the services."""
    ours, bare = season.notes.seconds, driver.seconds
    print(f"{'stage':<10} {'services':>10} {'driver':>10} {'ratio':>6}  statements")
    for stage, seconds in ours.items():
        ratio = bare[stage] / seconds if seconds else 0.0
        statements = season.notes.queries[stage]
        print(f"{stage:<10} {seconds:>8.2f} s {bare[stage]:>8.2f} s {ratio:>6.2f}  {statements:,}")
    whole, least = sum(ours.values()), sum(bare.values())
    through, bare_only = season.closed / whole, season.closed / least
    print(f"{through:.1f} lifecycles a second through the services, {bare_only:.1f} by the driver")
    print(f"{driver.rows:,} statements that write, {sum(season.notes.queries.values()):,} in all")
    return least / whole


def _p95(deeds: Iterator[Callable[[], object]]) -> float:
    """Milliseconds."""
    taken = []
    for deed in deeds:
        began = time.perf_counter()
        deed()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(taken, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS))
