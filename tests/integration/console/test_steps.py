"""How much Python a long page takes: calls of functions for one row more. The same on every machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import FrameType

from hotline.people.actors import Role
from hotline.roster.queries import entries
from hotline.roster.service import UNWRITTEN, write_week
from tests.factories import City, user
from tests.integration.console.conftest import Browser

MONDAY = date(2020, 4, 27)  # the clock shows Thursday
OF_A_CELL = 110


@contextmanager
def steps() -> Iterator[list[int]]:
    """One element: how many Python functions were called meanwhile."""
    counted, before = [0], sys.getprofile()

    def note(_frame: FrameType, event: str, _given: object) -> None:
        counted[0] += event == "call"

    sys.setprofile(note)
    yield counted
    sys.setprofile(before)


def test_a_cell_of_the_roster_takes_little(browser: Browser, city: City) -> None:
    browser.sign_in(city.supervisor)
    few = _staffed(browser, city, range(3))
    many = _staffed(browser, city, range(3, 33))
    each = (many - few) / (30 * 7)
    assert each <= OF_A_CELL, f"{each:.1f} calls for each cell"


def _staffed(browser: Browser, city: City, numbers: range) -> int:
    """What the page takes with so many agents more, who work."""
    people = [user(city.context, city.hotline_id, Role.AGENT, extension=str(2000 + n)) for n in numbers]
    days = [MONDAY + timedelta(days=step) for step in (3, 4, 5)]
    wanted = {(person.user_id or 0, day): "day" for person in people for day in days}
    with city.context.reading() as session:
        kept = {(one.user_id, one.day): one.shift_code for one in entries(session, days[0], days[-1])}
    revision = 1 if kept else UNWRITTEN
    write_week(city.context.acting_as(city.supervisor), MONDAY, revision, wanted | kept)
    place = f"/roster/?week={MONDAY.isoformat()}"
    browser.get(place)
    with steps() as counted:
        browser.get(place)
    return counted[0]
