"""A private PostgreSQL for the length of a test run: Debian's programs, a folder in /tmp, a unix socket.

Nothing of it is shared with a PostgreSQL that the machine may run, and nothing of it survives. The server
refuses to run as root; then it runs as the user `postgres`, whom Debian's package makes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from tests.waiting import until

PROGRAMS = Path("/usr/lib/postgresql")
ACCOUNT = "postgres"
OWNER = "hotline"
# A test database may lose everything at a power cut; it is thrown away in any case.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")

_EMPTY_ALL = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""


class NoPostgres(RuntimeError):
    """There is no PostgreSQL here that tests could start; says what to install."""


class Cluster:
    """A running server, inside a `with` block. `url(name)` is how SQLAlchemy reaches a database of it."""

    def __init__(self) -> None:
        self._programs = _programs()
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

    def empty(self, database: str) -> None:
        """Take every row out of a migrated database, throw out who is connected, and number from one again.

        That is quicker by far than to make a database for every test.
        """
        place = {"host": str(self._folder), "user": OWNER, "dbname": database, "autocommit": True}
        with psycopg.connect(**place) as link:
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            link.execute("SET session_replication_role = replica")  # no triggers, no foreign keys
            link.execute(_EMPTY_ALL)
            link.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")

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
            self._server.wait(timeout=30)
            self._server = None

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self._folder), user=OWNER, dbname="postgres", autocommit=True) as link:
            link.execute(statement)

    def _initialise(self) -> None:
        settings = ["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", OWNER, *settings]
        made = subprocess.run(_as_account(command), cwd="/", capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")

    def _start(self) -> None:
        options = [word for setting in FAST for word in ("-c", setting)]
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


def _programs() -> Path:
    versions = [folder for folder in PROGRAMS.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        raise NoPostgres(f"no PostgreSQL below {PROGRAMS}: run `make bootstrap` (Debian package postgresql)")
    return max(versions, key=lambda folder: int(folder.parent.name))


def _as_account(command: list[str]) -> list[str]:
    """The command as somebody who is not root, ended when the tests end, however they end."""
    drop = ["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *drop, "--", *command]
