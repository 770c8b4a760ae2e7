"""For tests with servers and processes whose threads outlive them: an engine that no other test has."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.database import Database


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database of this test alone."""
    path = tmp_path / "hotline.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()
