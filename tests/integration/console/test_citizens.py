"""The citizens' pages: no sign-in, nothing internal, and one answer for everything that does not fit."""

import re

import pytest
from flask import Flask

from agent_console.citizens.words import DONE, NOT_NOW, STAGES, STEPS
from hotline.citizens.deeds import Deed
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


def marks(page: str) -> list[str]:
    """How far each of the four stages is."""
    return re.findall(r'<li class="(done|now|ahead|none)"', page)


def test_a_citizen_reads_what_was_done_by_whom_and_until_when(citizen: Citizen, city: City) -> None:
    page = citizen.open(city.signed())
    _is_sound(page)
    assert "<h1>正在办理</h1>" in page
    assert "水务局" in page
    assert "05-07 24:00" in page
    for step in ("热线登记", "热线受理", "交给部门办理", "部门已接收"):
        assert step in page
    assert marks(page) == ["done", "now", "ahead", "ahead"]
    assert marks(citizen.open(city.replied())) == ["done", "now", "ahead", "ahead"], "not accepted yet"
    assert marks(citizen.open(city.owed()[0])) == ["done", "done", "done", "now"]


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
    assert re.findall(r'<form[^>]* action="([^"]+)"', page) == [
        "/progress/look",
        "/language",
        "/progress/leave",
    ]


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
    assert set(DONE) == set(NOT_NOW) == set(Deed)


def _offered(page: str) -> set[str]:
    return set(re.findall(r'action="/progress/([a-z-]+)"', page)) - {"leave", "look"}


def test_the_page_offers_what_may_be_done_now(citizen: Citizen, city: City) -> None:
    owed, _ = city.owed()
    for ticket_id, offered in (
        (city.registered(), {"remind", "supplement", "withdraw"}),
        (city.signed(), {"remind", "supplement", "ask-to-withdraw"}),
        (owed, {"rate"}),
    ):
        page = citizen.open(ticket_id)
        _is_sound(page)
        assert _offered(page) == offered


def test_a_reminder_reaches_the_department(citizen: Citizen, browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number, _ = citizen.pair(ticket_id)
    citizen.open(ticket_id)
    assert citizen.post("/progress/remind").location == "/progress/matter"
    page = citizen.page()
    assert "已告诉承办部门" in page
    assert "您催办" in page
    assert "remind" not in _offered(page)
    again = citizen.post("/progress/remind")
    assert again.status_code == 409
    assert "一天可以催一次" in again.text
    browser.sign_in(city.handler)
    for place in ("/unit", f"/unit?open={number}", f"/tickets/{number}"):
        assert "催办 1 次" in browser.get(place)
    assert "市民催办" in browser.get(f"/tickets/{number}")


def test_a_supplement_reaches_the_department(citizen: Citizen, browser: Browser, city: City) -> None:
    ticket_id = city.signed()
    number, _ = citizen.pair(ticket_id)
    citizen.open(ticket_id)
    empty = citizen.post("/progress/supplement", supplement="  ")
    assert empty.status_code == 422
    assert "请写下要补充的情况" in empty.text
    long = citizen.post("/progress/supplement", supplement="长" * 2001)
    assert long.status_code == 422
    assert "长" * 2001 in long.text, "what was typed stays"
    assert citizen.post("/progress/supplement", supplement="<b>五楼</b>也没有水").status_code == 302
    assert "五楼" not in citizen.page(), "the citizen's own words are not shown to whoever holds the slip"
    page = browser.sign_in(city.handler).get(f"/tickets/{number}")
    assert "市民补充 1 次" in page
    assert "&lt;b&gt;五楼&lt;/b&gt;也没有水" in page


def test_a_rating_is_chosen_not_assumed(citizen: Citizen, city: City) -> None:
    ticket_id, _ = city.owed()
    page = citizen.open(ticket_id)
    assert "checked" not in page
    missing = citizen.post("/progress/rate", solved="yes")
    assert missing.status_code == 422
    assert "请选择" in missing.text
    assert citizen.post("/progress/rate", solved="yes", satisfaction="9").status_code == 422
    assert citizen.post("/progress/rate", solved="yes", satisfaction="2", words="谢谢").status_code == 302
    page = citizen.page()
    assert "<h1>已办结</h1>" in page
    assert "谢谢您的评价" in page
    again = citizen.post("/progress/rate", solved="no", satisfaction="5")
    assert again.status_code == 409
    assert "您已经评价过" in again.text


def test_a_matter_is_withdrawn_with_a_reason_and_taken_up_again(citizen: Citizen, city: City) -> None:
    ticket_id = city.registered()
    citizen.open(ticket_id)
    assert citizen.post("/progress/withdraw", why="").status_code == 422
    assert citizen.post("/progress/withdraw", why="已自行解决").status_code == 302
    page = citizen.page()
    assert "<h1>已撤回</h1>" in page
    assert "已自行解决" not in page
    assert _offered(page) == {"take-up-again"}
    assert citizen.post("/progress/take-up-again").status_code == 302
    assert "<h1>已收到</h1>" in citizen.page()
    assert citizen.post("/progress/take-up-again").status_code == 409


def test_a_dispatched_matter_is_not_withdrawn_here(citizen: Citizen, city: City) -> None:
    citizen.open(city.signed())
    answer = citizen.post("/progress/withdraw", why="不要办了")
    assert answer.status_code == 409
    assert "请拨打热线" in answer.text


@pytest.mark.parametrize("deed", ["remind", "supplement", "rate", "withdraw", "reopen", "object"])
def test_nothing_is_done_without_an_open_matter_or_without_the_token(
    deed: str, citizen: Citizen, city: City
) -> None:
    fields = {"supplement": "x", "why": "x", "solved": "yes", "satisfaction": "1", "kind": "relapse"}
    fields |= {"again": "x", "objection": "x"}
    assert citizen.post(f"/progress/{deed}", **fields).location == "/progress/"
    citizen.open(city.registered())
    assert citizen.client.post(f"/progress/{deed}", data=fields).status_code == 400


@pytest.mark.parametrize("level", [Confidentiality.HIDDEN, Confidentiality.SEALED])
def test_a_confidential_matter_is_not_acted_on(level: Confidentiality, citizen: Citizen, city: City) -> None:
    ticket_id = city.registered()
    with city.context.writing() as session:
        session.get_one(Ticket, ticket_id).confidentiality = level
    citizen.open(ticket_id)
    fields = {"supplement": "x", "why": "x", "solved": "yes", "satisfaction": "1"}
    for deed in ("remind", "supplement", "rate", "withdraw", "take-up-again"):
        answer = citizen.post(f"/progress/{deed}", **fields)
        assert answer.status_code == 409
        assert "办理经过" not in answer.text
