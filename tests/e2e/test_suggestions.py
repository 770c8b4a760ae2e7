"""Suggestions in Chromium: grey until Tab takes them, replaced by typing, put away by Escape."""

import pytest
from playwright.sync_api import Page, expect

from hotline.dispatch.models import Category
from hotline.gazetteer.models import PlaceKind
from hotline.gazetteer.service import Named, add_missing
from hotline.tickets.models import Ticket
from tests.e2e.conftest import Enter
from tests.factories import City
from tests.spoken import transcribed
from tests.waiting import until

SAID = ("您好我要投诉市北区同安路六十八号", "昨天晚上起水压太低希望尽快派人来修")


@pytest.fixture
def told(city: City) -> int:
    """A draft whose caller has been understood; returns its id."""
    places = [Named(PlaceKind.DISTRICT, "市北区"), Named(PlaceKind.ROAD, "同安路", "市北区", "辽源路街道")]
    add_missing(city.context, places)
    with city.context.writing() as session:
        session.get_one(Category, "water.pressure").keywords = ["水压"]
    ticket_id = city.drafted()
    transcribed(city.context, ticket_id, SAID)
    return ticket_id


@pytest.fixture
def page(city: City, console: str, enter: Enter, told: int) -> Page:
    agent = enter(console, city.agent.name)
    agent.open(f"/desk/?draft={told}")
    expect(agent.page.locator("#address")).to_have_attribute("placeholder", "同安路68号")
    return agent.page


def saved(city: City, ticket_id: int, **wanted: object) -> bool:
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        return all(getattr(ticket, name) == value for name, value in wanted.items())


def test_nothing_is_filled_by_itself(page: Page) -> None:
    for name in ("description", "demands", "district", "street", "address", "occurred_at", "category_code"):
        expect(page.locator(f"#{name}")).to_have_value("")
    expect(page.locator("input[name=type]:checked")).to_have_count(0)
    expect(page.locator(".field:has(#address) label")).to_contain_text("同安路六十八号")
    expect(page.locator(".choices .offered")).to_have_text("投诉")


def test_tab_takes_one_after_the_other_and_they_are_saved(page: Page, city: City, told: int) -> None:
    page.locator("input[name=type]").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator("input[name=type][value=complaint]")).to_be_checked()
    expect(page.locator("#category_code")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#category_code")).to_have_value("water.pressure")
    page.locator("#district").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#street")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#address")).to_have_value("同安路68号")
    values = {
        "category_code": "water.pressure",
        "district": "市北区",
        "street": "辽源路街道",
        "address": "同安路68号",
    }
    until(lambda: saved(city, told, type="complaint", **values))


def test_typing_replaces_what_was_offered(page: Page) -> None:
    address = page.locator("#address")
    address.focus()
    page.keyboard.type("别处")
    page.keyboard.press("Tab")
    expect(address).to_have_value("别处")
    expect(page.locator(".field:has(#address) .offer-note")).to_have_count(0)


def test_escape_puts_it_away_also_when_further_words_come(page: Page, city: City, told: int) -> None:
    page.locator("#address").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator("#address")).to_have_value("")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:call-1'))")
    expect(page.locator("#suggestions [data-field=address]")).to_be_attached()
    expect(page.locator("#district")).to_have_attribute("placeholder", "市北区")
    expect(page.locator("#address")).not_to_have_attribute("placeholder", "同安路68号")


def test_going_back_takes_nothing(page: Page) -> None:
    page.locator("#address").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#address")).to_have_value("")
    expect(page.locator("#street")).to_be_focused()


def test_nothing_above_moves_when_they_arrive(page: Page) -> None:
    before = page.locator("#address").bounding_box()
    page.evaluate("document.getElementById('suggestions').replaceChildren()")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:call-1'))")
    expect(page.locator("#suggestions [data-field=address]")).to_be_attached()
    assert page.locator("#address").bounding_box() == before
