"""A department's question on the pages: asked, found by agents, answered."""

from hotline.people.actors import Actor
from hotline.questions.service import ask
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import _is_sound, number_of

WHERE = "请问是几号楼几单元？"


def state(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_question_goes_through_the_hotline_and_back(browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number = number_of(city, ticket_id)
    browser.sign_in(city.handler)
    address = f"/tickets/{number}/unit-question"
    answer = browser.post(address, unit_question="")
    assert (answer.status_code, 'id="unit_question-error"' in answer.text) == (422, True)
    answer = browser.post(address, unit_question=WHERE, back="replies.unit_queue")
    assert answer.location == "/unit"
    assert "05-11 24:00" in browser.get("/unit"), "until when the citizen may answer"
    assert browser.post(address, unit_question=WHERE).status_code == 409
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    listed = browser.get(f"/screening/waiting?open={number}")
    for words in (number, WHERE, "水务局", "记录，转回承办单位"):
        assert words in listed
    answer = browser.post(f"/tickets/{number}/unit-answer", unit_answer=" ")
    assert (answer.status_code, 'id="unit_answer-error"' in answer.text) == (409, True)
    said = {"unit_answer": "3 号楼 2 单元", "back": "screening.waiting"}
    assert browser.post(f"/tickets/{number}/unit-answer", **said).location == "/screening/waiting"
    assert number not in browser.get("/screening/waiting")
    assert state(city, ticket_id) is State.HANDLING
    browser.post("/sign-out")
    browser.sign_in(city.handler)
    page = browser.get(f"/tickets/{number}")
    assert "3 号楼 2 单元" in page
    assert "请热线询问" not in page, "once"
    answer = browser.post(address, unit_question="还有呢？")
    assert (answer.status_code, "已请市民补充过一次" in answer.text, "还有呢？" in answer.text) == (
        409,
        True,
        True,
    )


def test_others_are_kept_out(browser: Browser, city: City) -> None:
    number = number_of(city, city.signed())
    browser.sign_in(city.screener)
    assert browser.post(f"/tickets/{number}/unit-question", unit_question=WHERE).status_code == 403
    assert browser.post(f"/tickets/{number}/unit-answer", unit_answer="x").status_code == 403


def test_the_waiting_ticket_renders_in_both_languages(
    browser: Browser, city: City, all_rounder: Actor, language: str
) -> None:
    ticket_id = city.signed()
    ask(city.context.acting_as(city.handler), ticket_id, WHERE)
    page = browser.sign_in(all_rounder).get(f"/tickets/{number_of(city, ticket_id)}")
    _is_sound(page, language)
    assert ("The department asks the citizen" if language == "en" else "承办单位请市民补充") in page
