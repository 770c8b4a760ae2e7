"""Workers on the same due rows of PostgreSQL, some killed on the way: nothing twice, nothing left."""

from pathlib import Path

import pytest

from hotline.database import Database
from tests.claiming import faults, sweep
from tests.due_rows import fill
from tests.factories import City, FixedClock, make_context


@pytest.mark.parametrize(("workers", "kills"), [(2, 1), (4, 2)])
def test_workers_do_everything_once_also_when_some_are_killed(
    postgresql_database: Database, tmp_path: Path, workers: int, kills: int
) -> None:
    city = City.founded(make_context(postgresql_database, FixedClock(), tmp_path))
    calls = tmp_path / "calls"
    calls.touch()
    wanted = fill(city, each=10)
    sweep(city.context, workers, kills, calls, seed=workers)
    assert faults(city.context, wanted, calls) == []
