"""What people do again and again on the console's pages, and the part of a story that services set up."""

import re
from typing import Any

from playwright.sync_api import Locator, expect

from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor
from hotline.screening.service import Screened, accept
from hotline.tickets.models import Ticket
from tests.e2e.pages import Person
from tests.factories import PASSWORD, City


class Window:
    """One browser window at which people take turns, each with their own sign-in: a window for each of them
    costs a second and a half of a processor, for everything is fetched and compiled anew."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._who, self._kept = "", dict[str, Any]()

    def of(self, actor: Actor | None) -> Person:
        """The window with this person signed in; None is a citizen, who is not."""
        page, name = self.person.page, actor.name if actor else ""
        page.goto("about:blank")  # what was open asks for nothing in another's name
        self._kept[self._who] = page.context.cookies()
        page.context.clear_cookies()
        self._who = name
        if name in self._kept:
            page.context.add_cookies(self._kept[name])
        elif name:
            self._sign_in(name)
        return self.person

    def _sign_in(self, name: str) -> None:
        """As the sign-in page does, without drawing it, nor the page that it leads to."""
        asking, address = self.person.page.context.request, f"{self.person.address}/sign-in"
        token = re.search(r'name="csrf_token" value="([^"]+)"', asking.get(address).text())
        assert token is not None
        sent = {"csrf_token": token[1], "username": name, "password": PASSWORD}
        assert asking.post(address, form=sent, max_redirects=0).status == 302


def unfold(person: Person, words: str) -> None:
    """Open what is folded up under these words, where it does not stand open; on a ticket it may lie behind
    what else can be done."""
    others = person.page.locator("#other-steps:not([open]) > summary")
    if others.count():
        others.click()
    summary = person.page.locator("summary", has_text=words).locator("visible=true").first
    if not summary.evaluate("(summary) => summary.parentElement.open"):
        summary.click()


def choose(person: Person, question: str, answer: str) -> None:
    """Tick an answer to a question of a form."""
    person.page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def fill(person: Person, **words: str) -> None:
    """Write into the fields with these labels."""
    fields = person.page.locator("textarea, input:not([type=radio], [type=checkbox])")
    for label, text in words.items():
        fields.and_(person.page.get_by_label(label)).locator("visible=true").first.fill(text)


def finds(person: Person, words: str) -> Locator:
    """Look for tickets by words."""
    person.open(f"/search?q={words}")
    return person.page.locator(".hits [data-row]")


def finds_nothing(person: Person, words: str) -> None:
    """The search says that there is nothing for this person."""
    hits = finds(person, words)
    person.sees("没有找到")
    expect(hits).to_have_count(0)


def due_on_page(person: Person, number: str) -> Locator:
    """The due time in the head of a ticket's page."""
    person.open(f"/tickets/{number}")
    return person.page.locator("#standing p time").first


def number_of(city: City, ticket_id: int) -> str:
    """The number by which people know the ticket."""
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""


def taken(city: City, ticket_id: int) -> None:
    """A registered ticket is accepted, dispatched to the water bureau and signed."""
    accept(city.context.acting_as(city.screener), ticket_id, Screened())
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)
