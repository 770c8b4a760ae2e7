"""Sealed leads in the console: out of every list, page and answer of those who may not read them; logged for
those who may."""

import pytest
from sqlalchemy import select

from hotline.calls.models import Call
from hotline.people.actors import Actor, Role
from hotline.sealing import service
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, save_draft
from hotline.tickets.states import Confidentiality, State
from tests.factories import City, user
from tests.integration.console.conftest import Browser
from tests.integration.console.test_pages import number_of

SECRET = "三楼以上早晚没有水。"
LISTS = (
    "/desk/",
    "/board/",
    "/screening",
    "/screening/waiting",
    "/screening/refusals",
    "/screening/answers",
    "/sealed/envelopes",
    "/dispatch",
    "/review",
    "/follow-ups",
    "/rework",
    "/search?in=calls&q=x",
    "/search?state=open",
    "/audit",
    "/retention",
    "/callbacks/",
)


@pytest.fixture
def inspector(city: City) -> Actor:
    """Somebody of discipline inspection."""
    return user(city.context, city.hotline_id, Role.DISCIPLINE)


def referred(city: City) -> tuple[int, str]:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    service.refer_lead(city.context.acting_as(city.screener), ticket_id)
    return ticket_id, number


def state_of(city: City, ticket_id: int) -> State:
    with city.context.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_a_screener_hands_it_over_and_reads_it_no_more(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    assert "密封并移交纪检监察" in browser.get(f"/screening?open={number}")
    answer = browser.post(f"/sealed/{number}/refer")
    assert (answer.status_code, answer.location) == (302, "/screening")
    assert browser.client.get(f"/tickets/{number}").status_code == 403
    answer = browser.post(f"/sealed/{number}/refer")
    assert (answer.status_code, SECRET in answer.text) == (409, False)


def test_no_list_shows_it_to_anybody_of_the_hotline(browser: Browser, city: City, all_rounder: Actor) -> None:
    """In every state that it can be in, also those into which it cannot come any more."""
    ticket_id, number = referred(city)
    everything = user(city.context, city.hotline_id, *(set(Role) - {Role.DISCIPLINE, Role.SYSTEM}))
    browser.sign_in(everything)
    for state in State:
        with city.context.writing() as session:
            session.get_one(Ticket, ticket_id).state = state
        for path in LISTS:
            answer = browser.client.get(path)
            assert answer.status_code == 200, path
            assert SECRET not in answer.text, (state, path)
            assert number not in answer.text or path == "/sealed/envelopes", (state, path)
        assert browser.client.get(f"/screening?open={number}").status_code == 403


def test_no_address_of_it_answers_anybody_else(browser: Browser, city: City) -> None:
    ticket_id, number = referred(city)
    everything = user(city.context, city.hotline_id, *(set(Role) - {Role.DISCIPLINE, Role.SYSTEM}))
    browser.sign_in(everything)
    for path in ("", "/answer", "/tracks/1.wav"):
        assert browser.client.get(f"/tickets/{number}{path}").status_code == 403, path
    for path in ("ask", "refuse", "accept", "lead-receipt", "answer", "hold"):
        answer = browser.post(f"/tickets/{number}/{path}", receipt="1", reason="x")
        assert (answer.status_code in (403, 404), SECRET in answer.text) == (True, False), path
    for path in ("register", "answer", "accept", ""):
        answer = browser.post(f"/desk/draft/{ticket_id}/{path}".rstrip("/"))
        assert (answer.status_code, SECRET in answer.text) == (403, False), path


def test_a_sealed_draft_is_the_agents_who_speaks(browser: Browser, city: City) -> None:
    """Its call has no agent yet: then whoever writes it down, as with a message; else only that agent."""
    ticket_id = city.drafted()
    draft = Draft(description=SECRET, confidentiality=Confidentiality.SEALED)
    save_draft(city.context.acting_as(city.agent), ticket_id, draft)
    other = user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    with city.context.writing() as session:
        contact_id = session.get_one(Ticket, ticket_id).contact_id
        for call in session.scalars(select(Call).where(Call.contact_id == contact_id)):
            call.agent_id = city.agent.user_id
    browser.sign_in(other)
    assert browser.client.get(f"/desk/?draft={ticket_id}").status_code == 403
    assert SECRET not in browser.post(f"/desk/draft/{ticket_id}/register").text
    browser.post("/sign-out")
    browser.sign_in(city.agent)
    assert SECRET in browser.get(f"/desk/?draft={ticket_id}")


def test_the_administrator_sees_nothing(browser: Browser, city: City) -> None:
    _ticket_id, number = referred(city)
    browser.sign_in(user(city.context, city.hotline_id, Role.ADMINISTRATOR))
    for path in (f"/tickets/{number}", "/sealed", "/sealed/envelopes"):
        assert browser.client.get(path).status_code == 403, path
    assert number not in browser.get("/search?in=calls&q=x")


def test_every_page_that_inspection_opens_is_logged(browser: Browser, city: City, inspector: Actor) -> None:
    _ticket_id, number = referred(city)
    browser.sign_in(inspector)
    page = browser.get(f"/tickets/{number}")
    assert (SECRET in page, "接收线索" in page) == (True, True)
    browser.get(f"/sealed?open={number}")
    browser.post("/sign-out")
    auditor = user(city.context, city.hotline_id, Role.AUDITOR)
    browser.sign_in(auditor)
    page = browser.get("/sealed/envelopes")
    for words in (number, inspector.name, "tickets.ticket", "sealing.leads"):
        assert words in page
    assert SECRET not in page


def test_the_list_of_leads_shows_nothing_of_them(browser: Browser, city: City, inspector: Actor) -> None:
    _ticket_id, number = referred(city)
    browser.sign_in(inspector)
    page = browser.get("/sealed")
    assert (number in page, SECRET in page, "幸福路" in page) == (True, False, False)


def test_the_lead_is_taken_or_sent_back(browser: Browser, city: City, inspector: Actor) -> None:
    (first, taken), (second, returned) = referred(city), referred(city)
    browser.sign_in(inspector)
    answer = browser.post(f"/tickets/{taken}/lead-receipt", receipt="")
    assert (answer.status_code, "请填写回执号" in answer.text) == (422, True)
    browser.post(f"/tickets/{taken}/lead-receipt", receipt="纪字 17", back="sealing.leads")
    answer = browser.post(f"/tickets/{returned}/lead-back", why="服务态度", back="sealing.leads")
    assert answer.status_code == 302
    assert (state_of(city, first), state_of(city, second)) == (State.CLOSED, State.REGISTERED)
    assert returned not in browser.get("/sealed")
    browser.post("/sign-out")
    browser.sign_in(city.screener)
    assert returned in browser.get("/screening")


def test_the_director_is_told_how_many(browser: Browser, city: City) -> None:
    _ticket_id, number = referred(city)
    browser.sign_in(user(city.context, city.hotline_id, Role.DIRECTOR))
    page = browser.get("/sealed/envelopes")
    assert ("已转外部渠道" in page, number in page) == (True, False)


def test_what_an_agent_sealed_is_referred_unread(browser: Browser, city: City) -> None:
    ticket_id = city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = Confidentiality.SEALED
    number = number_of(city, ticket_id)
    browser.sign_in(city.screener)
    page = browser.get("/sealed/envelopes")
    assert (number in page, SECRET in page) == (True, False)
    assert browser.post(f"/sealed/{number}/refer").status_code == 302
    assert number not in browser.get("/sealed/envelopes")
    assert state_of(city, ticket_id) is State.TRANSFERRED
