"""Fixtures of all tests: databases of both kinds, migrated by Alembic, one for each test."""

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from fcntl import LOCK_EX, flock
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import cast

import psycopg
import pytest
from sqlalchemy import QueuePool

from hotline.clock import Clock
from hotline.config import ENVIRONMENT_PREFIX, FILE_VARIABLE
from hotline.context import Context
from hotline.database import Database
from tests.factories import City, FixedClock, make_context
from tests.postgres import Cluster, Remembered

MIGRATED = "hotline"
MEMORY = "/dev/shm"  # noqa: S108


def pytest_configure() -> None:
    """Tests say themselves what they set: nothing comes from the developer's environment or file."""
    for name in [name for name in os.environ if name.startswith(ENVIRONMENT_PREFIX)]:
        del os.environ[name]
    os.environ[FILE_VARIABLE] = os.devnull


def pytest_collection_finish() -> None:
    """What stands here now stays to the end: looking through it for garbage takes a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A private PostgreSQL with a database that Alembic has brought to head. Where it cannot be had, tests
    that want it fail; they are never skipped."""

    def migrate(folder: Path) -> None:
        with Cluster() as cluster:
            cluster.create(MIGRATED)
            database = Database(cluster.url(MIGRATED))
            database.upgrade()
            database.dispose()
            cluster.copy_to(folder)

    with Cluster(begins_with=_made_once(tmp_path_factory, "migrated-postgres", migrate)) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres(migrated_postgres: Cluster) -> Cluster:
    """The same, for tests with databases of their own."""
    return migrated_postgres


@pytest.fixture(scope="session")
def remembered_postgres(migrated_postgres: Cluster) -> Iterator[Remembered]:
    """What stands in it after the migrations."""
    with closing(migrated_postgres.remember(MIGRATED)) as remembered:
        yield remembered


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that Alembic has brought to head, to be copied."""

    def migrate(path: Path) -> None:
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        database.dispose()  # the last connection to close writes the log back into the file

    return _made_once(tmp_path_factory, "migrated.sqlite", migrate)


def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """What takes seconds is made by the first process of a test run that wants it, for all of them."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not made.exists():
            half = Path(mkdtemp(prefix=f"{name}-", dir=folder)) / name
            make(half)
            half.rename(made)
    return made


_numbers = count(1)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test alone. pytest's own looks for a free name among those of all tests before: that
    takes longer with every test. Short, for Asterisk's socket lies deep in it and may have 107 characters."""
    name = re.sub(r"\W", "_", request.node.name).removeprefix("test_")[:12]
    path = tmp_path_factory.getbasetemp() / f"{name}-{next(_numbers)}"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a database without any table, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"empty_{next(_numbers)}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


# One engine for all tests of a process: it remembers how its statements are compiled, a fifth of their time.
@pytest.fixture(scope="session")
def sqlite_engine() -> Iterator[Database]:
    """Its file lies in memory where it can: else every test waits for the disk, and so do calls beside it."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="hotline-test-", dir=place) as folder:
        yield Database(f"sqlite:///{folder}/hotline.sqlite")


@pytest.fixture(scope="session")
def postgresql_engine(migrated_postgres: Cluster) -> Iterator[Database]:
    database = Database(migrated_postgres.url(MIGRATED))
    yield database
    database.dispose()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, sqlite_engine: Database) -> Iterator[Database]:
    """A migrated SQLite database in which no other test has left anything."""
    sqlite_engine.dispose()
    path = Path(sqlite_engine.engine.url.database or "")
    _remove_logs(path)
    # Another file under the same name: a thread that an earlier test forgot writes into its own one.
    os.replace(shutil.copyfile(migrated_sqlite, path.with_suffix(".new")), path)
    _remove_logs(path)
    sqlite_engine.dispose()  # what such a thread opened meanwhile is that one
    yield sqlite_engine
    sqlite_engine.dispose()


def _remove_logs(path: Path) -> None:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@pytest.fixture
def postgresql_database(remembered_postgres: Remembered, postgresql_engine: Database) -> Iterator[Database]:
    """A migrated PostgreSQL database in which no other test has left anything."""
    yield postgresql_engine
    remembered_postgres.put_back(_idle(postgresql_engine))


def _idle(database: Database) -> list[int]:
    """The server processes of the connections that the next test may have: to make them anew costs as much
    as a test. None, if this test has left somebody behind who still holds one."""
    pool = cast(QueuePool, database.engine.pool)
    if pool.checkedout():
        database.dispose()
        return []
    links = [database.engine.raw_connection() for _ in range(pool.checkedin())]
    drivers = [cast(psycopg.Connection, link.driver_connection) for link in links]
    for link in links:
        link.close()
    return [driver.info.backend_pid for driver in drivers]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated database of this test alone; the test runs once on each kind."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def clock() -> FixedClock:
    """Thursday 2020-04-30, 16:00 in the city, until the test says otherwise."""
    return FixedClock()


@pytest.fixture
def context(database: Database, clock: Clock, tmp_path: Path) -> Context:
    """A context on each kind of database, acting as the system."""
    return make_context(database, clock, tmp_path)


@pytest.fixture
def city(context: Context) -> City:
    """The hotline, two departments and everybody who acts in a ticket's story."""
    return City.founded(context)
