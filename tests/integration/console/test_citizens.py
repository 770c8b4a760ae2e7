"""The citizens' pages: no sign-in, nothing internal, and one answer for everything that does not fit."""

import re

import pytest
from flask import Flask

from agent_console.citizens.words import STAGES, STEPS
from hotline.citizens.progress import REACHED, Stage
from hotline.citizens.progress import STEPS as TOLD_STEPS
from hotline.citizens.service import TooManyGuesses, look_up
from hotline.context import Context
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from tests.factories import CITIZEN, City, FixedClock
from tests.integration.console.conftest import Browser

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Citizen:
    """Somebody at home: their own browser, forms with the token that the page carries."""

    def __init__(self, app: Flask, context: Context) -> None:
        self.client, self.context = app.test_client(), context

    def post(self, path: str, **fields: object):  # type: ignore[no-untyped-def]
        page = self.client.get("/progress/").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        return self.client.post(path, data={"csrf_token": token[1], **fields})

    def open(self, ticket_id: int) -> str:
        """The page of the matter."""
        number, code = self.pair(ticket_id)
        answer = self.post("/progress/", number=number, code=code)
        assert (answer.status_code, answer.location) == (302, "/progress/matter"), answer.text
        return self.page()

    def page(self) -> str:
        answer = self.client.get("/progress/matter")
        assert answer.status_code == 200, answer.location
        return answer.text

    def pair(self, ticket_id: int) -> tuple[str, str]:
        with self.context.reading() as session:
            ticket = session.get_one(Ticket, ticket_id)
            return ticket.number or "", ticket.query_code or ""


@pytest.fixture
def citizen(app: Flask, city: City) -> Citizen:
    return Citizen(app, city.context)


def _is_sound(page: str) -> None:
    assert "<script" not in page, "the pages work without scripts"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(src|href|action)="https?:', page), "nothing from outside"
    labels = set(re.findall(r'<label for="([^"]+)"', page))
    fields = re.findall(r'<(?:input|textarea)(?![^>]*type="(?:hidden|radio)")[^>]*id="([^"]+)"', page)
    assert set(fields) <= labels


def test_a_citizen_reads_what_was_done_by_whom_and_until_when(citizen: Citizen, city: City) -> None:
    page = citizen.open(city.signed())
    _is_sound(page)
    assert "<h1>正在办理</h1>" in page
    assert "水务局" in page
    assert "05-07 24:00" in page
    for step in ("热线登记", "热线受理", "交给部门办理", "部门已接收"):
        assert step in page


def test_nothing_internal_and_nothing_personal_is_on_the_page(citizen: Citizen, city: City) -> None:
    ticket_id, _ = city.owed()
    with city.context.writing() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.note("follow_up_attempt", city.handler, city.context.now(), "内部说明")
    page = citizen.open(ticket_id)
    assert "水压已恢复，加压泵已更换。" in page
    people = (city.agent, city.screener, city.dispatcher, city.reviewer, city.handler, city.leader)
    for internal in (CITIZEN, "138", "王小明", "幸福路", "三楼以上", "内部说明", "seed-2011", "回访拨打"):
        assert internal not in page, internal
    assert not [person.name for person in people if person.name in page]


@pytest.mark.parametrize("level", [Confidentiality.HIDDEN, Confidentiality.SEALED])
def test_a_confidential_ticket_answers_its_state_alone(
    level: Confidentiality, citizen: Citizen, city: City
) -> None:
    ticket_id, _ = city.owed()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = level
    page = citizen.open(ticket_id)
    assert "<h1>已答复</h1>" in page
    assert "保密办理" in page
    for kept_back in ("水务局", "水压已恢复", "热线登记", "办理经过", "04-30"):
        assert kept_back not in page
    assert re.findall(r'<form[^>]* action="([^"]+)"', page) == ["/language", "/progress/leave"]


def test_wrong_code_and_unknown_number_get_the_same_page(citizen: Citizen, city: City) -> None:
    number, code = citizen.pair(city.registered())
    pages = set()
    for typed in ((number, "AAAAAAAA"), ("20200430DH9999990", code), ("nonsense", code), (number, code[:-1])):
        answer = citizen.post("/progress/", number=typed[0], code=typed[1])
        assert answer.status_code == 422
        assert "编号和查询码对不上" in answer.text
        assert typed[1] in answer.text, "what was typed stays"
        pages.add(re.sub(r'value="[^"]*"', "", answer.text))
    assert len(pages) == 1
    assert citizen.client.get("/progress/matter").location == "/progress/"


def test_too_many_wrong_pairs_are_told_to_wait(citizen: Citizen, city: City, clock: FixedClock) -> None:
    number, code = citizen.pair(city.registered())
    for _ in range(5):
        assert citizen.post("/progress/", number=number, code="AAAAAAAA").status_code == 422
    answer = citizen.post("/progress/", number=number, code=code)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "请 15 分钟后再试" in answer.text
    with pytest.raises(TooManyGuesses):
        look_up(city.context, number, code, "192.0.2.1")
    clock.advance(minutes=15)
    assert citizen.post("/progress/", number=number, code=code).status_code == 302


def test_empty_fields_are_told_next_to_them(citizen: Citizen) -> None:
    answer = citizen.post("/progress/", number="", code="")
    assert answer.status_code == 422
    _is_sound(answer.text)
    assert "请填写工单编号" in answer.text
    assert "请填写查询码" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert citizen.post("/progress/", number="1" * 200, code="x").status_code == 422


def test_a_link_brings_the_number_but_never_the_code(citizen: Citizen) -> None:
    page = citizen.client.get("/progress/?number=20200430DH0000010&code=ABCDEFGH").text
    _is_sound(page)
    assert 'value="20200430DH0000010"' in page
    assert "ABCDEFGH" not in page


def test_a_matter_is_closed_by_hand_and_by_itself(citizen: Citizen, city: City, clock: FixedClock) -> None:
    ticket_id = city.registered()
    citizen.open(ticket_id)
    citizen.post("/progress/leave")
    assert citizen.client.get("/progress/matter").location == "/progress/"
    citizen.open(ticket_id)
    clock.advance(minutes=20)
    assert citizen.client.get("/progress/matter").location == "/progress/"


def test_one_matter_opens_no_other(citizen: Citizen, app: Flask, city: City) -> None:
    first, second = city.registered(), city.registered()
    citizen.open(first)
    neighbour = Citizen(app, city.context)
    assert neighbour.client.get("/progress/matter").status_code == 302
    assert citizen.pair(second)[0] not in citizen.page()


def test_the_pages_speak_english(citizen: Citizen, city: City) -> None:
    citizen.post("/language", language="en", next="/progress/")
    asked = citizen.client.get("/progress/").text
    assert not CHINESE.search(asked.replace("中文", ""))
    ticket_id, _ = city.owed()
    page = citizen.open(ticket_id).replace("中文", "").replace("水压已恢复，加压泵已更换。", "")
    assert '<html lang="en">' in page
    assert not CHINESE.search(page)


def test_a_form_without_the_token_is_refused_on_a_plain_page(citizen: Citizen) -> None:
    answer = citizen.client.post("/progress/", data={"number": "1", "code": "2"})
    assert answer.status_code == 400
    _is_sound(answer.text)
    assert "页面已过期" in answer.text


def test_whoever_is_signed_in_asks_like_everybody(browser: Browser, citizen: Citizen, city: City) -> None:
    citizen.client = browser.sign_in(city.agent).client
    _is_sound(citizen.open(city.signed()))
    assert city.agent.name not in citizen.page()


def test_everything_that_is_told_has_words() -> None:
    assert set(STAGES) == set(Stage)
    assert set(STEPS) == {*TOLD_STEPS, REACHED}
