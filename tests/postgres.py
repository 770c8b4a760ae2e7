"""A private PostgreSQL for the length of a test run: Debian's programs, a folder in /tmp, a unix socket.

Nothing of it is shared with a PostgreSQL that the machine may run, and nothing of it survives. The server
refuses to run as root; then it runs as the user `postgres`, whom Debian's package makes.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
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
_PUT_BACK = """
SET session_replication_role = replica;  -- no triggers, no foreign keys
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
    IF to_regclass(format('kept.%I', name)) IS NOT NULL THEN
      EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I', name);
    END IF;
  END LOOP;
END $$;
SELECT setval(format('public.%I', name)::regclass, coalesce(value, 1), value IS NOT NULL) FROM kept.sequences
"""


class NoPostgres(RuntimeError):
    """There is no PostgreSQL here that tests could start; says what to install."""


class Cluster:
    """A running server, inside a `with` block. `url(name)` is how SQLAlchemy reaches a database of it."""

    def __init__(self, settings: Sequence[str] = FAST) -> None:
        self._programs, self._settings = _programs(), settings
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

    def remember(self, database: str) -> None:
        """Keep what stands in a database, for `put_back`."""
        with psycopg.connect(**self._place(database)) as link:
            link.execute(_REMEMBER)

    def put_back(self, database: str) -> None:
        """Throw out whoever is connected, and bring back every table and sequence as it was remembered.

        That is quicker by far than to make a database for every test.
        """
        with psycopg.connect(**self._place(database)) as link:
            link.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            link.execute(_PUT_BACK)

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
        with psycopg.connect(**self._place("postgres")) as link:
            link.execute(statement)

    def _place(self, database: str) -> dict[str, Any]:
        return {"host": str(self._folder), "user": OWNER, "dbname": database, "autocommit": True}

    def _initialise(self) -> None:
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


def _programs() -> Path:
    versions = [folder for folder in PROGRAMS.glob("*/bin") if (folder / "initdb").exists()]
    if not versions:
        raise NoPostgres(f"no PostgreSQL below {PROGRAMS}: run `make bootstrap` (Debian package postgresql)")
    return max(versions, key=lambda folder: int(folder.parent.name))


def _as_account(command: list[str]) -> list[str]:
    """The command as somebody who is not root, ended when the tests end, however they end."""
    drop = ["--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *drop, "--", *command]
