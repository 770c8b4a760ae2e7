"""Which place of the bar or its menu a page belongs to."""

import re

import pytest

from hotline.people.actors import Role
from tests.factories import City, user
from tests.integration.console.conftest import Browser

MARKED = re.compile(r'<a href="([^"]+)" aria-current="page">')


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("/supervision", "/supervision"),
        ("/supervision/repeats", "/supervision"),
        ("/instructions", "/instructions"),
        ("/call-plan/", "/call-plan/"),
        ("/rework", "/rework"),
        ("/account/", None),
    ],
)
def test_a_page_is_marked_or_the_place_that_leads_to_it(
    browser: Browser, city: City, page: str, place: str | None
) -> None:
    browser.sign_in(city.supervisor)
    assert MARKED.findall(browser.get(page)) == ([place] if place else [])


def test_who_has_another_way_in_sees_their_own_place(browser: Browser, city: City) -> None:
    browser.sign_in(user(city.context, city.water_id, Role.HANDLER, username="hand"))
    assert MARKED.findall(browser.get("/supervision/unit")) == ["/supervision/unit"]
