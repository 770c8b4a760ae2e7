"""Screening in the console: asking the citizen, and what is refused in words."""

from hotline.screening import asking
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from tests.factories import City, FixedClock, local
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

QUESTION = "请问是几号楼几单元？"


def state_of(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_citizen_is_asked_and_their_answer_written_down(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/ask", question=QUESTION, back="screening.queue")
    assert (answer.status_code, answer.location) == (302, "/screening")
    assert number not in browser.get("/screening")
    page = browser.get(f"/screening/waiting?open={number}")
    assert (page.count(QUESTION) > 0, "记录并转回初筛" in page, "再问一次" in page) == (True, False, True)
    browser.post("/sign-out")
    browser.sign_in(city.callback_agent)
    assert "记录并转回初筛" in browser.get(f"/screening/waiting?open={number}")
    browser.post(f"/tickets/{number}/supplement", answer="3 号楼 2 单元")
    assert state_of(city, ticket_id) is State.REGISTERED
    page = browser.get(f"/tickets/{number}")
    assert (QUESTION in page, page.count("3 号楼 2 单元") >= 2) == (True, True)


def test_what_was_typed_stays_where_it_is_refused(browser: Browser, city: City) -> None:
    number = number_of(city, city.registered())
    browser.sign_in(city.screener)
    answer = browser.post(f"/tickets/{number}/ask", question="")
    assert (answer.status_code, "请写明问题" in answer.text) == (422, True)
    answer = browser.post(f"/tickets/{number}/ask", question="长" * 2001)
    assert (answer.status_code, "长" * 2001 in answer.text) == (422, True)
    assert browser.post(f"/tickets/{number}/ask", question=QUESTION).status_code == 302
    answer = browser.post(f"/tickets/{number}/ask", question=QUESTION)
    assert (answer.status_code, "现在是“待补充”" in answer.text) == (409, True)


def test_the_second_request_is_recorded_and_the_closing_explained(
    browser: Browser, city: City, clock: FixedClock
) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    browser.sign_in(city.agent)
    assert browser.post(f"/tickets/{number}/ask-again", again="").status_code == 302
    assert browser.get(f"/tickets/{number}").count(QUESTION) >= 4
    clock.set(local("2020-05-20 09:00"))
    assert asking.close_unanswered(city.context) == 1
    assert "以信息不足办结" in browser.get(f"/tickets/{number}")


def test_others_have_no_way_in(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    asking.ask(city.context.acting_as(city.screener), ticket_id, QUESTION)
    for actor in (city.handler, city.dispatcher, city.reviewer):
        browser.sign_in(actor)
        assert browser.client.get("/screening/waiting").status_code == 403
        for path in ("ask", "ask-again", "supplement"):
            assert browser.post(f"/tickets/{number}/{path}", answer="x").status_code == 403
        browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert browser.post(f"/tickets/{number}/supplement", answer="x").status_code == 403
    assert state_of(city, ticket_id) is State.NEED_INFO
