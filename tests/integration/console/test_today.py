"""What else waits, on the page that one begins at: the lists' numbers, and nothing where nothing waits."""

import re

from flask import Flask

from agent_console.today.views import ENDPOINTS
from hotline.people.actors import Role
from hotline.people.service import choose_language
from hotline.today.queries import Place
from tests.factories import City, FixedClock, user
from tests.integration.console.conftest import Browser
from tests.integration.test_core_extensions import ask, handled
from tests.integration.test_core_refusing import proposed
from tests.integration.test_core_returns import dispatched, returned

LINE = re.compile(r'<section class="today".*?</section>', re.DOTALL)
LINK = re.compile(r'<a href="([^"]+)"[^>]*>[^<]* <strong class="number">(\d+)</strong>')
COUNT = re.compile(r'id="count"[^>]*>(\d+)')


def links(page: str) -> dict[str, int]:
    """What the line says, by the address of each list."""
    found = LINE.search(page)
    return {path: int(count) for path, count in LINK.findall(found[0])} if found else {}


def busy(city: City, clock: FixedClock) -> None:
    city.registered()
    city.accepted()
    city.replied()
    proposed(city)
    returned(city, dispatched(city, clock))
    ask(city, handled(city, clock))


def test_the_numbers_are_those_of_the_lists(browser: Browser, city: City, clock: FixedClock) -> None:
    busy(city, clock)
    roles = (Role.SCREENER, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR)
    page = browser.sign_in(user(city.context, city.hotline_id, *roles)).get("/board/")
    told = links(page)
    lists = {"/screening", "/screening/refusals", "/dispatch", "/returns", "/extensions", "/review"}
    assert lists <= set(told)
    for path in lists:
        assert COUNT.findall(browser.get(path)) == [str(told[path])], path
        assert links(browser.get(path)) == {}, "on the first page only"


def test_the_list_where_one_begins_speaks_for_itself(browser: Browser, city: City, clock: FixedClock) -> None:
    busy(city, clock)
    page = browser.sign_in(city.dispatcher).get("/dispatch")
    assert list(links(page).items()) == [("/returns", 1), ("/extensions", 1)], "what is due first comes first"
    assert links(browser.get("/today")) == links(page)


def test_where_nothing_waits_nothing_is_said(browser: Browser, city: City) -> None:
    page = browser.sign_in(city.dispatcher).get("/dispatch")
    assert "还等您处理：" not in page
    assert 'id="today"' in page, "what comes is said without a reload"


def test_an_idle_desk_asks_for_it_beside_the_telephone(browser: Browser, city: City) -> None:
    both = user(city.context, city.hotline_id, Role.AGENT, Role.SCREENER, extension="1009")
    city.registered()
    assert both.user_id
    choose_language(city.context, both.user_id, "en")
    page = browser.sign_in(both).get("/desk/")
    assert 'hx-get="/today" hx-trigger="load"' in page
    line = browser.get("/today")
    assert links(line) == {"/screening": 1}
    assert 'target="minsheng"' in line
    assert "Also waiting for you: " in line


def test_each_list_has_its_page(app: Flask) -> None:
    assert set(ENDPOINTS) == set(Place)
    assert set(ENDPOINTS.values()) <= set(app.view_functions)
