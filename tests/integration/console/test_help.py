"""A help page for each place of the bar, in both languages, found from the page itself."""

import re

import pytest
from flask import Flask

from agent_console.help_pages.topics import OF_ENDPOINT, OUTSIDE_THE_BAR, TOPICS, topic_of
from hotline.people.actors import Actor, Role
from hotline.people.service import choose_language
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import CHINESE, NOT_OURS, number_of

ITEM = re.compile(r"<li>")


@pytest.fixture
def everybody(city: City) -> Actor:
    """Somebody with every role that a person may hold."""
    roles = [role for role in Role if role not in (Role.SYSTEM, Role.CITIZEN)]
    return user(city.context, city.hotline_id, *roles, username="everybody")


def test_each_place_of_the_bar_has_a_help_page(app: Flask, browser: Browser, everybody: Actor) -> None:
    page = browser.sign_in(everybody).get("/help/")
    assert set(re.findall(r'href="/help/(\w+)"', page)) == set(TOPICS)
    addresses = app.url_map.bind("localhost")
    bar = "".join(re.findall(r"<nav.*?</nav>", page, re.DOTALL))
    places = {addresses.match(path)[0] for path in re.findall(r'href="([^"]+)"', bar)}
    assert places - set(OF_ENDPOINT) == set(), "write a help page: agent_console/help_pages/topics.py"
    elsewhere = {endpoint for name in OUTSIDE_THE_BAR for endpoint in TOPICS[name].endpoints}
    assert set(OF_ENDPOINT) - places == elsewhere, "help of a place that is gone"
    assert elsewhere <= set(app.view_functions)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_is_complete_in_both_languages(
    city: City, browser: Browser, everybody: Actor, language: str
) -> None:
    assert everybody.user_id
    choose_language(city.context, everybody.user_id, language)
    browser.sign_in(everybody)
    for topic in TOPICS:
        page = browser.get(f"/help/{topic}")
        text = page.split('<article class="card help">', 1)[1].split("</article>", 1)[0]
        assert text.count("<h2>") == 2, topic
        assert 3 <= len(ITEM.findall(text)) <= 6, topic
        assert bool(CHINESE.search(NOT_OURS.sub("", text))) is (language == "zh"), topic


def test_a_page_leads_to_its_own_help(browser: Browser, city: City) -> None:
    page = browser.sign_in(city.screener).get("/screening")
    assert page.count('href="/help/screening"') == 3, "from the bar, the ? panel and the empty list"
    assert 'href="/help/staff"' not in page
    ticket = browser.get(f"/tickets/{number_of(city, city.registered())}")
    assert 'class="help-link" href="/help/tickets"' in ticket
    assert 'class="help-link" href="/help/"' in browser.get("/help/screening"), "all of it, from a help page"


@pytest.mark.parametrize(
    ("endpoint", "topic"),
    [
        ("screening.waiting", "screening"),
        ("staff.departments", "staff"),
        ("supervision.listed", "supervision"),
        ("supervision.unit", "unit"),
        ("desk.anything", "desk"),
        ("search.search", "search"),
        ("evidence.attachment", None),
        (None, None),
    ],
)
def test_a_page_behind_a_place_has_the_places_help(endpoint: str | None, topic: str | None) -> None:
    assert topic_of(endpoint) == topic


def test_there_is_no_help_about_anything_else(browser: Browser, city: City) -> None:
    assert browser.sign_in(city.agent).client.get("/help/..%2Fbase").status_code == 404
    assert browser.client.get("/help/nothing").status_code == 404
