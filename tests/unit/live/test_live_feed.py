"""From `hotline live` to the consoles: on a real WebSocket."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from agent_console.live_feed import AWAY, Follower, LiveTextAway, Watch, health_of
from hotline.config import Settings
from hotline.live_text.ports import Heard
from hotline.live_text.rules import CallText
from hotline.live_text.service import Said
from hotline.live_text.wire import CallNews, Health, Turn, read, written
from hotline.transcripts.models import Speaker
from ivr.live.book import REMEMBERED_TURNS, Book
from tests.ports import free_port
from tests.telling import Live
from tests.waiting import until

CALL = 7


def turn(key: str, text: str, final: bool = False, start_s: float = 1.0) -> Turn:
    return Turn(key, Speaker.CALLER, "", start_s, final, text)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, live_port=free_port())


@pytest.fixture
def live(settings: Settings) -> Iterator[Live]:
    made = Live(settings)
    made.start()
    yield made
    made.stop()


class Page:
    """A page that shows a call."""

    def __init__(self, follower: Follower, call_id: int = CALL) -> None:
        self.bell = threading.Event()
        self.watch: Watch = follower.watch(call_id, self.bell)
        self.state, self.texts = "", dict[str, str]()

    def read(self) -> "Page":
        if news := self.watch.news():
            self.state = news.state
            self.texts |= {one.key: one.text for one in news.turns}
        return self

    def until_shows(self, state: str, **texts: str) -> None:
        until(lambda: (self.read().state, self.texts) == (state, texts), what=f"{state} {texts}")


@pytest.fixture
def follower(settings: Settings) -> Iterator[Follower]:
    made = Follower(settings)
    yield made
    for bell in list(made._bells):
        made.leave(bell)
    until(lambda: not [t for t in threading.enumerate() if t.name == "live-text"], what="its threads to end")


def test_words_grow_on_the_page_and_are_corrected_in_place(live: Live, follower: Follower) -> None:
    live.book.stands(CALL, CallText.LISTENING)
    page = Page(follower)
    page.until_shows("listening")
    live.book.add(CALL, turn("a", "楼下"))
    assert page.bell.wait(60)
    page.until_shows("listening", a="楼下")
    live.book.add(CALL, turn("a", "楼下的饭店"))
    live.book.add(CALL, turn("b", "请问"))
    page.until_shows("listening", a="楼下的饭店", b="请问")
    live.book.add(CALL, turn("b", "", final=True))
    page.until_shows("listening", a="楼下的饭店", b="")


def test_who_comes_later_is_told_what_was_said(live: Live, follower: Follower) -> None:
    live.book.stands(CALL, CallText.PAUSED)
    live.book.add(CALL, turn("a", "楼下的饭店油烟太大", final=True))
    live.book.add(CALL, turn("b", ""))
    Page(follower).until_shows("paused", a="楼下的饭店油烟太大")


def test_each_page_is_told_of_its_own_call_alone(live: Live, follower: Follower) -> None:
    for call_id in (CALL, 8):
        live.book.stands(call_id, CallText.LISTENING)
    one, other = Page(follower), Page(follower, 8)
    one.until_shows("listening")
    other.until_shows("listening")
    other.bell.clear()
    live.book.add(CALL, turn("a", "楼下"))
    one.until_shows("listening", a="楼下")
    assert other.read().texts == {}
    assert not other.bell.is_set()


def test_an_end_of_the_process_is_said_and_its_return_too(
    live: Live, follower: Follower, settings: Settings
) -> None:
    live.book.stands(CALL, CallText.LISTENING)
    page = Page(follower)
    page.until_shows("listening")
    live.stop()
    page.until_shows(AWAY)
    live.start()
    page.until_shows("listening")


def test_without_the_process_the_page_says_so(follower: Follower) -> None:
    Page(follower).until_shows(AWAY)


def test_the_end_of_a_call_leaves_its_words(live: Live, follower: Follower) -> None:
    live.book.stands(CALL, CallText.BEHIND)
    live.book.add(CALL, turn("a", "再见", final=True))
    page = Page(follower)
    page.until_shows("behind", a="再见")
    live.book.close(CALL)
    live.book.add(CALL, turn("c", "late"))  # nobody is told of a call that was closed
    live.book.stands(8, CallText.LISTENING)
    Page(follower, 8).until_shows("listening")
    assert page.read().texts == {"a": "再见"}


def test_only_the_end_of_a_call_is_remembered() -> None:
    book = Book(lambda news: None)
    book.stands(CALL, CallText.LISTENING)
    for number in range(REMEMBERED_TURNS + 5):
        book.add(CALL, turn(str(number), "a"))
    [page] = book.pages()
    assert page.turns[0].key == "5"
    assert len(page.turns) == REMEMBERED_TURNS


@pytest.mark.parametrize(
    "shown", [{}, {"Authorization": "Bearer " + "0" * 64}], ids=["nothing", "another key"]
)
def test_strangers_are_told_nothing(live: Live, settings: Settings, shown: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus, match="401"):
        connect(f"ws://127.0.0.1:{settings.live_port}/", additional_headers=shown, proxy=None)


def test_the_health_is_told_first(live: Live, settings: Settings) -> None:
    def told() -> Health | None:
        try:
            return health_of(settings)
        except LiveTextAway:  # it has three seconds, and a busy machine may need more
            return None

    assert until(told) == live.health


def test_no_health_of_one_who_is_away(settings: Settings) -> None:
    with pytest.raises(LiveTextAway, match="ConnectionRefusedError"):
        health_of(settings)


@pytest.mark.parametrize("odd", ["", "[]", "{}", "null", '{"call": {}}', '{"health": {"calls": 1}}'])
def test_odd_messages_are_refused(odd: str) -> None:
    with pytest.raises(ValueError, match=r"live text|Expecting value"):
        read(odd)


def test_words_stand_in_no_log() -> None:
    """Whatever is logged is logged by its repr."""
    now = datetime.now(UTC)
    words = (("楼下", 0.0, 0.4, 0.9),)
    for one in (
        turn("a", "楼下漏水"),
        CallNews(CALL, CallText.LISTENING, (turn("a", "楼下漏水"),)),
        Heard(0, 0.0, 1.0, True, "楼下漏水", words),
        Said(CALL, "a", Speaker.CALLER, "", 0.0, 1.0, now, "楼下漏水", [["楼下", 0.0, 0.4, 0.9]]),
    ):
        assert "楼下" not in repr(one)


def test_what_is_written_can_be_read() -> None:
    news = CallNews(CALL, CallText.SHED, (turn("a", "“引号”\n换行"),), over=True)
    assert read(written(news)) == news
    health = Health(3, 1, 6, 0.5, 0.75)
    assert read(written(health)) == health
