"""A city on SQLite for the telephone side's tests."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.context import Context
from hotline.database import Database
from tests.factories import City, FixedClock, make_context


@pytest.fixture
def context(sqlite_database: Database, tmp_path: Path) -> Context:
    """The moment is shortly after the recorded calls."""
    clock = FixedClock(datetime(2026, 11, 21, 20, 56, tzinfo=UTC))
    return make_context(sqlite_database, clock, tmp_path, wrap_up_seconds=30)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)
