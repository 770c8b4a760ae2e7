"""How often pages ask the database: what several panels of a ticket need is read once, and what a ticket
has none of is not asked for; a list asks for all of its rows at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import event

from hotline.context import Context
from hotline.dispatch.models import CatalogueRule, Category
from hotline.dispatch.service import dispatch, sign
from hotline.people.actors import Actor, Role
from hotline.people.models import Department
from hotline.review.rules import Signal
from hotline.review.service import accept_reply, reject_reply
from hotline.screening.service import Screened, accept
from hotline.supervision.instructions import InstructionForm, instruct
from hotline.supervision.rules import Kind, Level
from hotline.supervision.service import order
from hotline.tickets.service import register
from hotline.transcripts.models import Speaker
from tests.factories import City, complete_draft, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of
from tests.spoken import talked

MOST = 30


@contextmanager
def statements(context: Context) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(context.database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(context.database.engine, "before_cursor_execute", note)


def test_the_page_of_a_ticket_asks_little_all_its_life(
    browser: Browser, city: City, all_rounder: Actor, context: Context
) -> None:
    director = user(context, city.hotline_id, Role.DIRECTOR)
    ticket_id = city.drafted()
    said = [(Speaker.AGENT, 2.0, "您好"), (Speaker.CALLER, 4.0, "三楼没有水")]
    talked(context, ticket_id, said, city.agent)
    register(context.acting_as(city.agent), ticket_id, complete_draft())
    place = f"/tickets/{number_of(city, ticket_id)}"
    unit = Browser(browser.client.application).sign_in(city.leader)
    browser.sign_in(all_rounder).get(place)  # who sees it is written down the first time
    asked = {"registered": _asked(browser, place, context)}

    accept(context.acting_as(city.screener), ticket_id, Screened())
    dispatch(context.acting_as(city.dispatcher), ticket_id, city.water_id)
    sign(context.acting_as(city.handler), ticket_id)
    unit.get(place)
    asked["handled, for its department"] = _asked(unit, place, context)
    order(context.acting_as(director), ticket_id, Level.L3, Kind.HOTLINE, "拖延")
    words = InstructionForm("张市长", "请尽快办好", date(2020, 4, 30))
    instruct(context.acting_as(director), ticket_id, words)
    asked["supervised"] = _asked(browser, place, context)

    for _ in range(3):
        city.reply(ticket_id)
        reject_reply(context.acting_as(city.reviewer), ticket_id, "没有写明恢复时间")
    city.visited(ticket_id)
    city.reply(ticket_id)
    asked["replied"] = _asked(browser, place, context)
    accept_reply(context.acting_as(city.reviewer), ticket_id, judged=dict.fromkeys(Signal, False))
    asked["called back"] = _asked(browser, place, context)
    assert {name: count for name, count in asked.items() if count >= MOST} == {}


def test_a_list_asks_no_more_of_more_rows(browser: Browser, city: City, context: Context) -> None:
    director = user(context, city.hotline_id, Role.DIRECTOR, Role.SUPERVISOR)
    places = ("/skills/", "/catalogue/", "/catalogue/new")
    browser.sign_in(director)
    _grown(city, range(2))
    few = {place: _asked_again(browser, place, context) for place in places}
    _grown(city, range(2, 8))
    assert {place: _asked_again(browser, place, context) for place in places} == few


def test_a_list_that_words_narrow_asks_no_more_of_more_rows(
    browser: Browser, city: City, context: Context
) -> None:
    director = context.acting_as(user(context, city.hotline_id, Role.DIRECTOR))
    browser.sign_in(city.supervisor)
    asked, place = [], "/supervision?q=正常水压"
    for rows in (1, 3):
        for _ in range(rows):
            order(director, city.signed(), Level.L3, Kind.HOTLINE, "拖延")
        asked.append(_asked_again(browser, place, context))
    assert browser.get(place).count("<tr") > 4
    assert asked[0] == asked[1]


def _grown(city: City, numbers: range) -> None:
    """So many agents, departments that can lead, and classes, of which every other one has a row."""
    for n in numbers:
        user(city.context, city.hotline_id, Role.AGENT, extension=str(2000 + n))
        with city.context.writing() as session:
            unit = Department(code=f"unit-{n}", name_zh=f"{n}局", name_en=f"Unit {n}")
            session.add_all([unit, Category(code=f"class-{n}", name_zh=f"{n}类", name_en=f"Class {n}")])
            session.flush()
            if n % 2:
                session.add(CatalogueRule(category_code=f"class-{n}", lead_id=unit.id))
            unit_id = unit.id
        user(city.context, unit_id, Role.HANDLER, Role.UNIT_REVIEWER)


def _asked_again(browser: Browser, place: str, context: Context) -> int:
    browser.get(place)
    return _asked(browser, place, context)


def _asked(browser: Browser, place: str, context: Context) -> int:
    with statements(context) as sent:
        browser.get(place)
    return len(sent)
