"""`docs/lifecycle.md` is what the table says today."""

from hotline.tickets.diagram import PAGE, page
from hotline.tickets.lifecycle import TRANSITIONS


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m hotline.tickets.diagram"


def test_the_page_shows_every_move_twice() -> None:
    lines = page().splitlines()
    for row in TRANSITIONS:
        assert sum(f"{row.id} " in line for line in lines) == 2, row.id
