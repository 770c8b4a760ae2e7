"""Worker processes that sweep the same due rows of PostgreSQL, half of them killed on the way.

    python -m benchmarks.claims [WORKERS] [ROWS]

Without arguments two, four and eight workers, one after the other. Nothing may be done twice and nothing may
be left; the property is that of `tests/integration/test_core_workers.py`, with more rows.
"""

import sys
import tempfile
import time
from pathlib import Path

from hotline.database import Database
from tests.claiming import faults, sweep
from tests.due_rows import fill
from tests.factories import City, FixedClock, make_context
from tests.postgres import Cluster

WORKERS = (2, 4, 8)
ROWS = 800


def main(workers: tuple[int, ...], rows: int) -> int:
    """Exit status 0 if nothing was done twice or left."""
    with Cluster() as cluster, tempfile.TemporaryDirectory(prefix="hotline-claims-") as folder:
        found = [_round(cluster, number, rows, Path(folder)) for number in workers]
    for number, wrong, seconds in found:
        print(f"{number} workers, {number // 2} killed: {rows:,} rows in {seconds:.1f} s, {len(wrong)} wrong")
        print("\n".join(wrong[:20]), file=sys.stderr)
    wrong_ones = sum(len(wrong) for _, wrong, _ in found)
    named = ", ".join(map(str, workers))
    print(f"claims: {rows:,} due rows with {named} workers: {wrong_ones} wrong (limit 0)")
    return 1 if wrong_ones else 0


def _round(cluster: Cluster, workers: int, rows: int, folder: Path) -> tuple[int, list[str], float]:
    cluster.create(f"claims{workers}")
    database = Database(cluster.url(f"claims{workers}"))
    database.upgrade()
    city = City.founded(make_context(database, FixedClock(), folder))
    calls = folder / f"calls{workers}"
    calls.touch()
    wanted = fill(city, rows // 8)
    began = time.monotonic()
    sweep(city.context, workers, workers // 2, calls, seed=workers)
    seconds = time.monotonic() - began
    wrong = faults(city.context, wanted, calls)
    database.dispose()
    return workers, wrong, seconds


if __name__ == "__main__":
    chosen = (int(sys.argv[1]),) if len(sys.argv) > 1 else WORKERS
    sys.exit(main(chosen, int(sys.argv[2]) if len(sys.argv) > 2 else ROWS))
