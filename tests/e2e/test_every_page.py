"""Every place of the console as people meet it: two sizes, light and dark, both languages, for everybody.

The places are those of the bar, so that a new one is looked at without a word here. axe-core knows the rules
of WCAG 2.2 AA that a program can judge.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize

from agent_console.build import FRONTEND
from hotline.people.actors import Actor, Role
from hotline.people.service import choose_language
from hotline.tickets.models import Ticket
from tests.e2e.conftest import Enter
from tests.e2e.pages import Person
from tests.factories import City, user

AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNIT_ROLES = (Role.HANDLER, Role.UNIT_REVIEWER)
DESKTOP, TELEPHONE = ViewportSize(width=1366, height=768), ViewportSize(width=390, height=844)
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_VIOLATIONS = """
async (only) => {
  const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html.slice(0, 99)).join(" | ")}`);
}
"""


@pytest.fixture(params=["hotline", "unit"])
def somebody(request: pytest.FixtureRequest, city: City) -> Actor:
    """Who may open everything that the hotline, or a department, may."""
    if request.param == "unit":
        return user(city.context, city.water_id, *UNIT_ROLES, username="unit-all")
    roles = [role for role in Role if role not in (*UNIT_ROLES, Role.SYSTEM, Role.CITIZEN)]
    return user(city.context, city.hotline_id, *roles, username="hotline-all", extension="1099")


def test_every_place_is_sound(city: City, somebody: Actor, console: str, enter: Enter) -> None:
    tickets = [city.signed(), city.replied()]
    if Role.AGENT in somebody.roles:
        tickets += [city.registered(), city.accepted(), city.owed()[0]]
    person = enter(console, somebody.name)
    person.page.emulate_media(reduced_motion="reduce")  # colours are there at once
    places = [*_places(person), *(f"/tickets/{_number(city, ticket)}" for ticket in tickets)]
    assert len(places) > len(tickets) + 3
    assert somebody.user_id
    choose_language(city.context, somebody.user_id, "en")
    wrong = [wrong for place in places for wrong in _wrong_in_english(person, place)]
    choose_language(city.context, somebody.user_id, "zh")
    person.page.add_init_script(path=AXE)  # where it is only handed to a page, Chromium compiles it each time
    wrong += [wrong for place in places for wrong in _wrong(person, place)]
    assert not wrong, "\n".join(wrong)


def _places(person: Person) -> list[str]:
    links = person.page.eval_on_selector_all(
        "nav a[href^='/']", "all => all.map(a => a.getAttribute('href'))"
    )
    return list(dict.fromkeys(links))


def _wrong(person: Person, place: str) -> Iterator[str]:
    page = person.page
    person.open(place)
    if not page.title().endswith("民声"):
        yield f"{place}: title {page.title()}"
    page.evaluate("document.querySelector('.viewer-mark')?.remove()")  # under it axe judges no contrast
    for size in _sizes(person):
        page.set_viewport_size(size)
        yield from _too_wide(person, place)
        if size == DESKTOP:
            yield from _unreadable(person, place)


def _unreadable(person: Person, place: str) -> Iterator[str]:
    page = person.page
    yield from (f"{place}: {one}" for one in page.evaluate(_VIOLATIONS, RULES))
    if place.startswith("/tickets/"):  # of every kind of part there is one; a unit test computes all colours
        page.emulate_media(color_scheme="dark")
        yield from (f"{place} dark: {one}" for one in page.evaluate(_VIOLATIONS, ["color-contrast"]))
        page.emulate_media(color_scheme="light")


def _wrong_in_english(person: Person, place: str) -> Iterator[str]:
    person.open(place)
    assert person.page.locator("html").get_attribute("lang") == "en"
    for size in _sizes(person):
        person.page.set_viewport_size(size)
        yield from _too_wide(person, place)


def _sizes(person: Person) -> list[ViewportSize]:
    """First the one that the page has: each further one is laid out and painted anew."""
    return sorted((DESKTOP, TELEPHONE), key=lambda size: size != person.page.viewport_size)


def _too_wide(person: Person, place: str) -> Iterator[str]:
    if (pixels := person.page.evaluate(_WIDER)) > 0:
        yield f"{place}: {pixels} px wider than {person.page.viewport_size}"


def _number(city: City, ticket_id: int) -> str:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""
