"""The migrations: up, down to nothing, up again; and the tables they make are those of the entities."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from hotline.all_models import Base
from hotline.database import Database, alembic_config

INDEXES = ("segment_index", "ticket_index", "knowledge_index")
"""The full-text indexes: virtual tables on SQLite, with tables of their own, and so no entities."""


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    assert any(name.startswith(INDEXES) for name in names) or names == {"alembic_version"}
    return {name for name in names if not name.startswith(INDEXES)}


def differences_of(connection: Connection) -> list[Any]:
    ours = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith(INDEXES)}
    return list(compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata))


def test_up_down_and_up_again(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.upgrade()
    assert tables(empty_database_url) == {*Base.metadata.tables, "alembic_version"}

    command.downgrade(alembic_config(empty_database_url), "base")
    assert tables(empty_database_url) == {"alembic_version"}

    database.upgrade()
    assert tables(empty_database_url) == {*Base.metadata.tables, "alembic_version"}
    database.dispose()


def test_head_equals_the_entities(database: Database) -> None:
    with database.engine.connect() as connection:
        differences = differences_of(connection)
    assert differences == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    database.upgrade()
    with database.engine.connect() as connection:
        assert differences_of(connection) == []
