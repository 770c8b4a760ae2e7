"""Words come onto the desk while people talk, and nothing else on it moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hotline.calls import service as calls
from hotline.calls.seats import sign_off
from hotline.cli.demo import city as demo
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.live_text.rules import CallText
from hotline.live_text.service import Said, write_down
from hotline.live_text.wire import Turn
from hotline.people.models import User
from hotline.transcripts.models import Speaker
from ivr.control import AmiCallControl
from recordings.recogniser import Recogniser
from tests.e2e.conftest import Enter
from tests.e2e.hotline import Hotline
from tests.e2e.pages import Person
from tests.factories import CITIZEN, City, make_context
from tests.integration.console.test_live_text import boss_listens
from tests.ports import free_port
from tests.telephony.live_words import CITIZEN_VOICE, Speaks, following
from tests.telling import Live
from tests.waiting import until

LINKEDID = "1763768000.1"


@pytest.fixture
def context(sqlite_database: Database, tmp_path: Path) -> Context:
    return make_context(sqlite_database, SystemClock(), tmp_path, live_port=free_port())


@pytest.fixture
def live(context: Context) -> Iterator[Live]:
    made = Live(context.settings)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def call_id(city: City) -> int:
    """The agent 1001 talks with a citizen."""
    opened = calls.open_call(city.context, LINKEDID, CITIZEN, "12345")
    calls.call_queued(city.context, LINKEDID)
    calls.call_answered(city.context, LINKEDID, "1001", "1763768000.2", "PJSIP/agent-1001-00000001")
    return opened.call_id


@pytest.fixture
def agent(console: str, city: City, call_id: int, enter: Enter) -> Person:
    """At the desk, with the words' place on it."""
    person = enter(console, city.agent.name)
    person.open("/desk/")
    expect(person.page.locator(f'[data-words="{call_id}"]')).to_be_visible()
    return person


def said(page: Page) -> list[str]:
    return page.locator(".turn .said").all_inner_texts()


def until_said(page: Page, *texts: str) -> None:
    until(lambda: said(page) == list(texts), 20, f"{texts}")


def turn(
    key: str, text: str, final: bool = False, at: float = 1.0, speaker: Speaker = Speaker.CALLER
) -> Turn:
    return Turn(key, speaker, "", at, final, text)


def test_words_grow_in_their_place_and_the_focus_stays(agent: Person, live: Live, call_id: int) -> None:
    page = agent.page
    live.book.stands(call_id, CallText.LISTENING)
    page.locator("#description").focus()
    page.keyboard.type("楼下")
    place = page.locator("#description").bounding_box()

    live.book.add(call_id, turn("b-0", "请问", at=9, speaker=Speaker.AGENT))
    until_said(page, "请问")
    live.book.add(call_id, turn("a-0", "楼下饭", at=4))  # began before: stands before
    until_said(page, "楼下饭", "请问")
    expect(page.locator(".turn.partial")).to_have_count(2)
    live.book.add(call_id, turn("a-0", "楼下饭店油烟太大", final=True, at=4.2))
    live.book.add(call_id, turn("b-0", "", final=True))
    until_said(page, "楼下饭店油烟太大")
    expect(page.locator(".turn.partial")).to_have_count(0)
    expect(page.locator(".turn.caller .who")).to_have_text("市民")
    expect(page.locator("[data-words-aloud] p")).to_have_text("市民 楼下饭店油烟太大")

    expect(page.locator("#description")).to_be_focused()
    page.keyboard.type("油烟")
    expect(page.locator("#description")).to_have_value("楼下油烟")
    assert page.locator("#description").bounding_box() == place


def test_the_list_follows_its_end_only_while_the_reader_is_there(
    agent: Person, live: Live, call_id: int
) -> None:
    page = agent.page
    live.book.stands(call_id, CallText.LISTENING)
    for number in range(30):
        live.book.add(call_id, turn(f"a-{number}", "市民说了一句很长很长的话", final=True, at=number))
    expect(page.locator(".turn")).to_have_count(30)
    turns = page.locator("[data-turns]")
    to_end = "list => list.scrollHeight - list.scrollTop - list.clientHeight"
    until(lambda: turns.evaluate(to_end) < 2, what="the end to be in sight")
    turns.evaluate("list => { list.scrollTop = 0; }")
    live.book.add(call_id, turn("a-30", "又一句", at=31))
    expect(page.locator(".turn")).to_have_count(31)
    assert turns.evaluate("list => list.scrollTop") == 0
    turns.evaluate("list => { list.scrollTop = list.scrollHeight; }")
    live.book.add(call_id, turn("a-31", "还有一句", at=32))
    expect(page.locator(".turn")).to_have_count(32)
    until(lambda: turns.evaluate(to_end) < 2, what="the end to be in sight again")


def test_the_page_says_how_the_text_stands(agent: Person, live: Live, call_id: int) -> None:
    sentences = {
        CallText.SHED: "系统繁忙，通话结束后仍有完整文字",
        CallText.PAUSED: "录音已暂停",
        CallText.BEHIND: "正在追赶",
    }
    for state, sentence in sentences.items():
        live.book.stands(call_id, state)
        agent.sees(sentence)
    live.book.stands(call_id, CallText.LISTENING)
    expect(agent.page.locator("[data-words-say]:visible")).to_have_count(0)
    live.stop()
    agent.sees("实时文字暂时中断")
    live.start()
    expect(agent.page.locator("[data-words-say]:visible")).to_have_count(0)


def test_a_page_that_is_loaded_anew_shows_what_was_said(
    agent: Person, city: City, live: Live, call_id: int
) -> None:
    now = city.context.now()
    write_down(city.context, [Said(call_id, "a-0", Speaker.CALLER, "", 3, 4, now, "楼上没有水", [])])
    live.book.stands(call_id, CallText.LISTENING)
    live.book.add(call_id, turn("a-0", "楼上没有水", final=True, at=3))
    live.book.add(call_id, turn("a-1", "三天了", at=6))
    agent.open("/desk/")
    until_said(agent.page, "楼上没有水", "三天了")
    expect(agent.page.locator(".turn.partial")).to_have_count(1)


def test_the_place_is_of_the_same_size_without_words(console: str, city: City, enter: Enter) -> None:
    """Nothing moves when a call comes."""
    person = enter(console, city.agent.name)
    person.open("/desk/")
    person.sees("接通以后，双方说的话会出现在这里。")
    before = person.page.locator("#draft").bounding_box()
    opened = calls.open_call(city.context, LINKEDID, CITIZEN, "12345")
    calls.call_answered(city.context, LINKEDID, "1001", "1763768000.2", "PJSIP/agent-1001-00000001")
    expect(person.page.locator(f'[data-words="{opened.call_id}"]')).to_be_visible()
    after = person.page.locator("#draft").bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["width"]) == (after["x"], after["width"])


def test_on_the_board_words_take_no_more_room_however_much_is_said(
    console: str, city: City, call_id: int, enter: Enter
) -> None:
    boss, now = boss_listens(city, call_id), city.context.now()
    said = [Said(call_id, f"k-{n}", Speaker.CALLER, "", n, n + 1, now, "楼上没有水", []) for n in range(40)]
    write_down(city.context, said)
    person = enter(console, boss.name)
    person.open("/board/")
    page = person.page
    expect(page.locator(".turn")).to_have_count(40)
    place, viewport = page.locator("#words").bounding_box(), page.viewport_size
    assert place
    assert viewport
    assert place["height"] < viewport["height"] / 2


def test_a_citizens_words_arrive_over_the_telephone(
    hotline: Hotline, enter: Enter, tmp_path: Path, pictures: Path
) -> None:
    recogniser = Recogniser(hotline.settings.vosk_model)
    with following(hotline.context, recogniser):
        agent = enter(hotline.address, "wangli", password=demo.PASSWORD)
        agent.page.on("dialog", lambda dialog: dialog.accept())
        agent.open("/desk/")
        agent.phone_is("registered")
        agent.press("就绪")
        citizen = Speaks(CITIZEN_VOICE, tmp_path)
        citizen.call = hotline.network.citizen_calls("13912345671", citizen.script())
        agent.phone_is("ringing")
        agent.page.keyboard.press("Alt+a")
        agent.phone_is("talking")
        page = agent.page
        expect(page.locator('[data-words][data-state="listening"]')).to_be_visible()
        page.locator("#description").focus()
        citizen.begin("楼下的饭店油烟太大我们都不敢开窗户")
        until(lambda: "油烟" in "".join(said(page)), what="words while they are said")
        expect(page.locator("#description")).to_be_focused()
        citizen.finishes()
        final = page.locator(".turn.caller:not(.partial) .said")
        until(lambda: "窗户" in "".join(final.all_inner_texts()), what="the last word, which stays")
        page.screenshot(path=pictures / "desk.png")
        citizen.hangs_up()
        agent.phone_is("registered")
    with hotline.context.reading() as session:
        wang = session.scalars(select(User).where(User.username == "wangli")).one().actor()
    sign_off(hotline.context.acting_as(wang), AmiCallControl(hotline.settings), "1001")
    agent.sees("就绪")
