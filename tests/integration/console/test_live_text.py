"""The words of a call on its agent's page, and on nobody else's."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from agent_console.app import create_app
from hotline.calls import service as calls
from hotline.calls.ports import Supervising
from hotline.calls.seats import seat_of
from hotline.context import Context
from hotline.database import Database
from hotline.live_text.rules import CallText
from hotline.live_text.service import Said, write_down
from hotline.live_text.wire import Turn
from hotline.monitoring.models import Mode
from hotline.monitoring.queries import session_of
from hotline.monitoring.service import heard, supervise
from hotline.people.actors import Actor, Role
from hotline.transcripts import service as transcripts
from hotline.transcripts.models import Speaker
from tests.factories import CITIZEN, City, FakeTelephone, FixedClock, make_context, user
from tests.integration.console.conftest import Browser
from tests.ports import free_port
from tests.telling import Live

LINKEDID = "1763768000.1"
WORDS = "楼上没有水"


@pytest.fixture
def context(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path, live_port=free_port())


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
def colleague(city: City) -> Actor:
    """Another agent, with a seat."""
    return user(city.context, city.hotline_id, Role.AGENT, extension="1002")


def boss_listens(city: City, call_id: int) -> Actor:
    """A supervisor who listens to the call."""
    boss = user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2001")
    with city.context.writing() as session:
        seat_of(session, "2001").registered = True
    supervise(city.context.acting_as(boss), FakeTelephone(), call_id, Mode.LISTEN)
    with city.context.reading() as session:
        now = session_of(session, boss.user_id)
        assert now is not None
        leg = now.channel_id
    heard(city.context, leg, Supervising.LISTEN)
    return boss


def write(city: City, call_id: int, text: str = WORDS) -> None:
    now = city.context.now()
    write_down(city.context, [Said(call_id, "k-0", Speaker.CALLER, "", 3.0, 4.0, now, text, [])])


def told(app: Flask, actor: Actor, live: Live, call_id: int, quiets: int = 12) -> list[dict[str, object]]:
    """What a page of this person is told, up to the words or to so many times of quiet: the stream is quiet
    every ten seconds, and whenever it was woken by what it has told already."""
    browser = Browser(app).sign_in(actor)
    answer = browser.client.get("/events", buffered=False)
    messages = []
    with closing(answer.response) as stream:  # type: ignore[type-var]
        assert next(stream) == b"retry: 1000\n\n"  # type: ignore[call-overload]
        for message in stream:
            text = message.decode()  # type: ignore[union-attr]
            if text.startswith("event: words\n"):
                messages.append(json.loads(text.partition("data: ")[2]))
                if messages[-1]["turns"]:
                    break
                live.book.add(call_id, Turn("a", Speaker.CALLER, "", 3.0, False, WORDS))
            elif text.startswith(": quiet"):
                quiets -= 1
                if not quiets:
                    break
    return messages


def test_the_agent_is_told_word_by_word(app: Flask, city: City, call_id: int, live: Live) -> None:
    live.book.stands(call_id, CallText.LISTENING)
    messages = told(app, city.agent, live, call_id)
    assert {message["call"] for message in messages} == {call_id}
    assert messages[-1]["state"] == "listening"
    turn = {"key": "a", "speaker": "caller", "label": "", "at": 3.0, "final": False, "text": WORDS}
    assert messages[-1]["turns"] == [turn]


def test_a_supervisor_who_listens_is_told_too(app: Flask, city: City, call_id: int, live: Live) -> None:
    live.book.stands(call_id, CallText.LISTENING)
    assert told(app, boss_listens(city, call_id), live, call_id)[-1]["turns"]


def test_others_are_told_nothing(app: Flask, city: City, call_id: int, live: Live, colleague: Actor) -> None:
    live.book.stands(call_id, CallText.LISTENING)
    live.book.add(call_id, Turn("a", Speaker.CALLER, "", 3.0, False, WORDS))
    boss = user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2002")
    others = (colleague, city.screener, boss)
    with ThreadPoolExecutor() as pool:  # each waits until the stream is quiet
        assert list(pool.map(lambda actor: told(app, actor, live, call_id, quiets=1), others)) == [[], [], []]


def test_the_page_comes_with_what_was_said_before(browser: Browser, city: City, call_id: int) -> None:
    write(city, call_id, "<b>楼上</b>没有水")
    browser.sign_in(city.agent)
    page = browser.get("/desk/words")
    assert f'data-words="{call_id}"' in page
    assert "&lt;b&gt;楼上&lt;/b&gt;没有水" in page
    assert "市民" in page
    assert "00:03" in page
    assert browser.client.get(f"/desk/words?shown={call_id}").status_code == 204


def test_what_is_shown_stays_until_another_call(browser: Browser, city: City, call_id: int) -> None:
    browser.sign_in(city.agent)
    calls.call_ended(city.context, LINKEDID)
    assert f'data-words="{call_id}"' in browser.get("/desk/words")  # wrap-up
    with city.context.writing() as session:
        seat_of(session, "1001").call = None
    assert browser.client.get(f"/desk/words?shown={call_id}").status_code == 204
    assert "接通以后" in browser.get("/desk/words")
    assert browser.client.get("/desk/words?shown=").status_code == 204


def test_the_transcript_is_shown_once_it_is_there(browser: Browser, city: City, call_id: int) -> None:
    files = [transcripts.TrackFile(Speaker.CALLER, "f/caller.wav", 5.0)]
    transcripts.register_recording(city.context, LINKEDID, "f", files)
    claim = transcripts.claim_recording(city.context, "test")
    assert claim is not None
    spoken = {claim.tracks[0].track_id: [transcripts.SpokenSegment(1.0, 2.0, WORDS, [])]}
    transcripts.complete_transcript(city.context, claim, spoken, "small-zh", "0" * 64)
    assert WORDS in browser.sign_in(city.agent).get("/desk/words")


def test_another_agent_finds_nothing_of_it(
    browser: Browser, city: City, call_id: int, colleague: Actor
) -> None:
    write(city, call_id)
    browser.sign_in(colleague)
    assert WORDS not in browser.get("/desk/words")
    assert browser.client.get("/board/words").status_code == 403


def test_the_board_has_a_place_only_while_a_supervisor_listens(
    app: Flask, browser: Browser, city: City, call_id: int
) -> None:
    write(city, call_id)
    other = user(city.context, city.hotline_id, Role.SUPERVISOR, extension="2002")
    assert WORDS not in browser.sign_in(other).get("/board/words")
    boss = boss_listens(city, call_id)
    assert WORDS in Browser(app).sign_in(boss).get("/board/words")


def test_every_state_has_words(browser: Browser, city: City, call_id: int) -> None:
    page = browser.sign_in(city.agent).get("/desk/words")
    for state in (CallText.STARTING, CallText.BEHIND, CallText.PAUSED, CallText.SHED, "away"):
        assert f'data-words-say="{state}"' in page
    assert "系统繁忙，通话结束后仍有完整文字" in page


def test_where_it_is_switched_off_nothing_is_promised(city: City, context: Context) -> None:
    settings = context.settings.model_copy(update={"live_text": False})
    off = Context(context.database, context.clock, settings)
    page = Browser(create_app(off, FakeTelephone())).sign_in(city.agent).get("/desk/")
    assert "实时文字" not in page
    assert "live" not in settings.own_processes
