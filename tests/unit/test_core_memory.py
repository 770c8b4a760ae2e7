"""Python's collector while a process of the hotline loads, and afterwards."""

import gc
from collections.abc import Iterator

import pytest

from hotline.cli.memory import collect_seldom, keep_what_is_loaded


@pytest.fixture
def collector() -> Iterator[None]:
    """As it was, whatever a test makes of it."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collector")
def test_rubbish_is_looked_for_seldom_only_until_everything_is_loaded() -> None:
    collect_seldom()
    assert gc.get_threshold()[0] == 50_000
    frozen, loaded = gc.get_freeze_count(), [[number] for number in range(1_000)]
    keep_what_is_loaded()
    assert gc.get_threshold()[0] <= 2_000
    assert gc.get_freeze_count() >= frozen + len(loaded)
