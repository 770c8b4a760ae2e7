"""Engine, sessions and the base of all tables.

SQLite (WAL) for one machine, PostgreSQL for more; the same code runs on both. Writers on SQLite take the
write lock at BEGIN, so that a transaction that reads and then writes never fails half-way with "database
is locked" (https://www.sqlite.org/lang_transaction.html).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_TIMEOUT_MS = 15_000
MOST_PREPARED = 300
"""So many statements a connection to PostgreSQL keeps planned: casework alone has more than psycopg's 100."""
TRUSTED_SECONDS = 1.0
"""A connection to PostgreSQL that was used so lately is not asked whether it lives: a round trip less."""
_USED = "used at"
MIGRATIONS = Path(__file__).parent / "migrations"

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(enumeration: type[StrEnum]) -> list[str]:
    return [member.value for member in enumeration]


class Base(DeclarativeBase):
    """Base of every entity. Enumerations are kept as their values, in text."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        StrEnum: Enum(StrEnum, native_enum=False, length=20, values_callable=_values)
    }


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC. A naive one is refused: it would be some city's clock or another's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: times are aware UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database and the two ways into it: `writing()` and `reading()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        writing = self.engine.execution_options(writes=True)
        self._writing = sessionmaker(writing, expire_on_commit=False)
        self._reading = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, or rolled back if anything is raised."""
        with self._writing() as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reads; whatever was changed in it is forgotten."""
        with self._reading() as session:
            yield session
            _roll_back_past_psycopg(session)

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to a revision of `hotline/migrations`."""
        from alembic import command  # slow to import, and only needed here

        command.upgrade(alembic_config(self.url), revision)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _roll_back_past_psycopg(session: Session) -> None:
    """End what was read on PostgreSQL, for whose client it was the end of all prepared statements as well.

    psycopg has them forgotten at every ROLLBACK, in case that tables were made or dropped before it. Then the
    server would plan everything anew, also for who writes next on this connection.
    """
    dialect = session.get_bind().dialect
    if session.in_transaction() and dialect.name == "postgresql":
        with suppress(SQLAlchemyError, dialect.loaded_dbapi.Error):  # the session ends in its own way then
            link: Any = session.connection().connection.driver_connection
            link.pgconn.exec_(b"ROLLBACK")


def insert_unless_there(session: Session, entity: type[Base], **values: object) -> None:
    """Add a row. Where a unique column has its value already, also by a writer just now, nothing happens."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(make(entity).values(**values).on_conflict_do_nothing())


def alembic_config(url: str) -> "Config":
    """Alembic's configuration for our migrations on a database URL."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_see_that_it_lives, engine.dialect))
        return engine
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepared_max = MOST_PREPARED


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = monotonic()


def _see_that_it_lives(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A connection that nobody has used for a while may be dead: the pool then makes all of them anew."""
    if monotonic() - record.info.get(_USED, 0.0) < TRUSTED_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as dead:
        raise InvalidatePoolError from dead


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
