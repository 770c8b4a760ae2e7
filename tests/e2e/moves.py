"""What people do again and again on the console's pages, and the part of a story that services set up."""

from playwright.sync_api import Locator, expect

from hotline.dispatch.service import dispatch, sign
from hotline.review.service import accept_reply
from hotline.screening.service import Screened, accept
from hotline.tickets.models import Ticket
from tests.e2e.pages import Person
from tests.factories import City


def open_first(person: Person, path: str = "/") -> None:
    """Open the first ticket of a list; `/` is one's own first place."""
    person.open(path)
    person.page.locator("[data-row] a").first.click()
    person.page.wait_for_url("**open=**")


def unfold(person: Person, words: str) -> None:
    """Open what is folded up under these words, where it does not stand open."""
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
    """Look for tickets by words, by the field in the head of every page."""
    person.open("/")
    person.page.locator("#search").fill(words)
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/search?**")
    return person.page.locator(".hits [data-row]")


def finds_nothing(person: Person, words: str) -> None:
    """The search says that there is nothing for this person."""
    hits = finds(person, words)
    person.sees("没有找到")
    expect(hits).to_have_count(0)


def due_on_page(person: Person, number: str) -> Locator:
    """The due time in the head of a ticket's page."""
    person.open(f"/tickets/{number}")
    return person.page.locator("#standing time").first


def number_of(city: City, ticket_id: int) -> str:
    """The number by which people know the ticket."""
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).number or ""


def taken(city: City, ticket_id: int) -> None:
    """A registered ticket is accepted, dispatched to the water bureau and signed."""
    accept(city.context.acting_as(city.screener), ticket_id, Screened())
    dispatch(city.context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(city.context.acting_as(city.handler), ticket_id)


def answered(city: City, ticket_id: int) -> None:
    """The water bureau replies, and the hotline accepts that: now citizens are told, and asked."""
    city.reply(ticket_id)
    accept_reply(city.context.acting_as(city.reviewer), ticket_id)
