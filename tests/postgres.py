"""A private PostgreSQL for the length of a test run: Debian's programs, a folder in /tmp, a unix socket.

Nothing of it is shared with a PostgreSQL that the machine may run, and nothing of it survives. The server
refuses to run as root; then it runs as the user `postgres`, whom Debian's package makes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from tests.waiting import until

PROGRAMS = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
OWNER = "hotline"
# A test database may lose everything at a power cut; it is thrown away in any case.
LASTING = ("max_connections=60",)
"""As a server is that is to keep what it was given: for figures."""
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")

_REMEMBER = """
CREATE SCHEMA kept;
CREATE TABLE kept.sequences AS
  SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public';
DO $$ DECLARE name text; is_filled boolean; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_filled;
    IF is_filled THEN EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name); END IF;
  END LOOP;
END $$
"""
_KEPT = "SELECT tablename FROM pg_tables WHERE schemaname = 'kept' AND tablename <> 'sequences'"
_EMPTY = """
SELECT tablename FROM pg_tables
WHERE schemaname = 'public' AND to_regclass(format('kept.%I', tablename)) IS NULL
"""
_THROW_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)
"""
_PUT_SEQUENCES_BACK = """
SELECT setval(format('public.%I', name)::regclass, coalesce(value, 1), value IS NOT NULL) FROM kept.sequences
"""


class NoPostgres(RuntimeError):
    """There is no PostgreSQL here that tests could start; says what to install."""


class Cluster:
    """A running server, inside a `with` block. `url(name)` is how SQLAlchemy reaches a database of it."""

    def __init__(self, settings: Sequence[str] = FAST, begins_with: Path | None = None) -> None:
        """`begins_with`: a folder of `copy_to`, of another that held what this one is to hold."""
        self._programs, self._settings, self._begins_with = _programs(), settings, begins_with
        self._folder = Path(tempfile.mkdtemp(prefix="hotline-pg-", dir="/tmp"))
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, ACCOUNT)
        try:
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str) -> str:
        """SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._folder}"

    def create(self, database: str) -> None:
        """Make an empty database."""
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def remember(self, database: str) -> "Remembered":
        """Keep what stands in a database. Close what is returned before the server stops."""
        return Remembered(lambda: psycopg.connect(**self._place(database)))

    def copy_to(self, folder: Path) -> None:
        """Copy all databases to a folder that is not there yet."""
        with self.stopped():
            _copied(self._data, folder)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Nobody can connect, and whoever was connected is thrown out, for the length of a `with` block."""
        self._halt()
        try:
            yield
        finally:
            self._start()

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._halt()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _halt(self) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # "fast shutdown"
            self._server.wait(timeout=120)
            self._server = None

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(**self._place("postgres")) as link:
            link.execute(statement)

    def _place(self, database: str) -> dict[str, Any]:
        return {"host": str(self._folder), "user": OWNER, "dbname": database, "autocommit": True}

    def _initialise(self) -> None:
        if self._begins_with is not None:
            _copied(self._begins_with, self._data)
            return
        settings = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", OWNER, *settings]
        made = subprocess.run(_as_account(command), cwd="/", capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")

    def _start(self) -> None:
        options = [word for setting in self._settings for word in ("-c", setting)]
        place = ["-D", str(self._data), "-k", str(self._folder), "-c", "listen_addresses="]
        command = _as_account([str(self._programs / "postgres"), *place, *options])
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(command, cwd="/", stdout=log, stderr=subprocess.STDOUT)
        until(self._answers, timeout=60, what="PostgreSQL to answer")

    def _answers(self) -> bool:
        if self._server is not None and self._server.poll() is not None:
            raise NoPostgres((self._folder / "log").read_text())
        try:
            self._execute(sql.SQL("SELECT {}").format(sql.Literal(1)))
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _data(self) -> Path:
        return self._folder / "data"


class Remembered:
    """What stood in a database, to be put back: that is quicker by far than to make one for every test.

    One connection does it after every test, whose server process then knows all tables and has its plans.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._connect = connect
        self._link = self._linked()
        self._link.execute(_REMEMBER)
        self._kept = self._names(_KEPT)
        look = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        looks = [look.format(sql.Literal(name), _public(name)) for name in self._names(_EMPTY)]
        self._filled = sql.SQL(" UNION ALL ").join(looks)

    def put_back(self, spared: Sequence[int]) -> None:
        """Throw out whoever else is connected, but for server processes with these ids, and bring back every
        table and sequence."""
        try:
            self._link.execute(_THROW_OUT, [list(spared)])
        except psycopg.OperationalError:  # the test had the server stopped
            self._link.close()
            self._link = self._linked()
            self._link.execute(_THROW_OUT, [list(spared)])
        empty = sql.SQL("DELETE FROM {}")
        fill = sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE TABLE {}")
        steps = [empty.format(_public(name)) for name in [*self._names(self._filled), *self._kept]]
        steps += [fill.format(_public(name), sql.Identifier("kept", name)) for name in self._kept]
        self._link.execute(sql.SQL(";").join(steps))
        self._link.execute(_PUT_SEQUENCES_BACK)

    def _linked(self) -> psycopg.Connection[Any]:
        link = self._connect()
        link.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
        return link

    def close(self) -> None:
        """Let go of the server."""
        self._link.close()

    def _names(self, query: str | sql.Composed) -> list[str]:
        return [name for (name,) in self._link.execute(query, prepare=True)]  # type: ignore[arg-type]


def _public(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)


def _copied(source: Path, target: Path) -> None:
    """With its owner, who may be another than we are, and its modes, on which the server insists."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def _programs() -> Path:
    versions = [folder for folder in PROGRAMS.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        raise NoPostgres(f"no PostgreSQL below {PROGRAMS}: run `make bootstrap` (Debian package postgresql)")
    return max(versions, key=lambda folder: int(folder.parent.name))


def _as_account(command: list[str]) -> list[str]:
    """The command as somebody who is not root, ended when the tests end, however they end."""
    drop = ["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *drop, "--", *command]
