"""Lines are asked for while somebody is to be listened to; Asterisk and the recogniser only take notes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.live_text.ports import Heard, Load
from hotline.live_text.queries import WantedCall, WantedSpeaker
from hotline.live_text.rules import CallText
from hotline.live_text.wire import CallNews
from hotline.transcripts.models import Speaker
from ivr.ami.client import AmiLost, Headers, Packet
from ivr.live.book import Book
from ivr.live.lines import AFTER_HUSH, CONNECTED_WITHIN, Line, Lines
from ivr.live.scribe import Scribe
from tests.factories import FixedClock, make_context

CALLER, AGENT = "1763768000.1", "1763768000.2"


class Asterisk:
    """Notes what it is asked; `away` refuses."""

    def __init__(self) -> None:
        self.asked: list[tuple[Headers, Headers]] = []
        self.away = False

    def ask(self, action: str, headers: Headers | None = None, variables: Headers | None = None) -> Packet:
        if self.away:
            raise AmiLost("not connected")
        self.asked.append((headers or {}, variables or {}))
        return Packet("Success", {})

    def ask_list(self, action: str, headers: Headers | None = None) -> list[Packet]:
        return []

    def identity(self, leg: str) -> UUID:
        """Of the newest line for this leg."""
        order = next(headers for headers, given in reversed(self.asked) if given["LEG"] == leg)
        return UUID(order["Channel"].split("/")[2])


class Listening:
    """Notes what it is fed."""

    def __init__(self, on_heard: Callable[[Heard], None]) -> None:
        self.on_heard = on_heard
        self.fed = b""
        self.finished = 0
        self.closed = False

    def feed(self, samples: bytes) -> None:
        self.fed += samples

    def finish(self) -> None:
        self.finished += 1

    def close(self) -> None:
        self.closed = True


class Recogniser:
    """Listens to nothing."""

    def __init__(self) -> None:
        self.lines: list[Listening] = []
        self.lag_s = 0.0

    def listen(self, on_heard: Callable[[Heard], None], languages: Sequence[str] = ()) -> Listening:
        self.lines.append(Listening(on_heard))
        return self.lines[-1]

    def load(self) -> Load:
        return Load(len(self.lines), self.lag_s, 0.1)

    def close(self) -> None:
        pass


class House:
    """Lines with everything around them."""

    def __init__(self, context: Context) -> None:
        self.asterisk, self.recogniser = Asterisk(), Recogniser()
        self.news: list[CallNews] = []
        self.seconds = 1000.0
        book, scribe = Book(self.news.append), Scribe(context)
        self.lines = Lines(context, self.asterisk, self.recogniser, book, scribe, lambda: self.seconds)
        self.hung_up: list[str] = []

    def connect(self, leg: str) -> Line:
        """Asterisk connects the line that was asked for."""
        line = self.lines.claim(self.asterisk.identity(leg), lambda: self.hung_up.append(leg))
        assert isinstance(line, Line)
        return line

    def state(self) -> CallText:
        return self.news[-1].state


@pytest.fixture
def house(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> House:
    return House(make_context(sqlite_database, clock, tmp_path))


def call(*legs: str, paused: bool = False, muted: bool = False, call_id: int = 1) -> WantedCall:
    who = {CALLER: Speaker.CALLER, AGENT: Speaker.AGENT}
    speakers = tuple(WantedSpeaker(leg, who.get(leg, Speaker.THIRD), "", muted) for leg in legs)
    return WantedCall(call_id, FixedClock().now(), paused, speakers)


def test_each_speaker_is_asked_for_once(house: House) -> None:
    wanted = [call(CALLER, AGENT)]
    house.lines.follow(wanted, {1})
    assert house.state() is CallText.STARTING
    for leg in (CALLER, AGENT):
        house.connect(leg)
    house.lines.follow(wanted, {1})
    assert [given["LEG"] for _, given in house.asterisk.asked] == [CALLER, AGENT]
    assert house.state() is CallText.LISTENING
    house.recogniser.lag_s = 2
    house.lines.follow(wanted, {1})
    assert house.state() is CallText.BEHIND


def test_an_identity_is_good_once(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    identity = house.asterisk.identity(CALLER)
    assert house.lines.claim(identity, lambda: None) is not None
    assert house.lines.claim(identity, lambda: None) is None


def test_who_has_gone_is_let_go(house: House) -> None:
    house.lines.follow([call(CALLER, AGENT)], {1})
    for leg in (CALLER, AGENT):
        house.connect(leg)
    house.lines.follow([call(CALLER)], {1})
    assert house.hung_up == [AGENT]
    house.lines.follow([], set())
    assert house.hung_up == [AGENT, CALLER]
    assert all(line.closed for line in house.recogniser.lines)
    assert house.lines.count == 0


def test_a_call_that_is_shed_has_no_lines(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    house.connect(CALLER)
    house.lines.follow([call(CALLER)], set())
    assert house.hung_up == [CALLER]
    assert house.state() is CallText.SHED
    house.lines.follow([call(CALLER)], {1})
    assert len(house.asterisk.asked) == 2


def test_a_line_that_broke_is_asked_for_anew_but_not_at_once(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    house.connect(CALLER).hung_up()
    house.lines.follow([call(CALLER)], {1})
    assert len(house.asterisk.asked) == 1
    house.seconds += 1
    house.lines.follow([call(CALLER)], {1})
    assert len(house.asterisk.asked) == 2


def test_an_asterisk_that_is_away_is_asked_again(house: House) -> None:
    house.asterisk.away = True
    house.lines.follow([call(CALLER)], {1})
    house.lines.follow([call(CALLER)], {1})
    house.asterisk.away = False
    house.seconds += 1
    house.lines.follow([call(CALLER)], {1})
    assert len(house.asterisk.asked) == 1
    assert house.recogniser.lines[0].closed


def test_a_line_that_came_too_late_is_refused(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    identity = house.asterisk.identity(CALLER)
    house.lines.follow([], set())
    assert house.lines.claim(identity, lambda: None) is None


def test_a_line_that_asterisk_does_not_connect_is_asked_for_anew(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    house.seconds += CONNECTED_WITHIN
    house.lines.follow([call(CALLER)], {1})
    assert not house.recogniser.lines[0].closed
    house.seconds += 1.5
    for _ in range(2):
        house.lines.follow([call(CALLER)], {1})
        house.seconds += 1
    assert house.recogniser.lines[0].closed
    assert len(house.asterisk.asked) == 2


def test_nothing_is_heard_in_a_pause(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    line, listening = house.connect(CALLER), house.recogniser.lines[0]
    line.feed(b"before")
    house.lines.hush(CALLER, on=True)
    line.feed(b"secret")
    assert listening.finished == 1
    house.lines.hush(CALLER, on=False)
    line.feed(b"just after")
    house.seconds += AFTER_HUSH
    line.feed(b"+")
    assert listening.fed == b"before+"


def test_a_pause_before_the_line_counts(house: House) -> None:
    house.lines.hush(CALLER, on=True)
    house.lines.follow([call(CALLER)], {1})
    house.connect(CALLER).feed(b"secret")
    assert house.recogniser.lines[0].fed == b""


def test_what_the_database_says_of_a_pause_counts_where_nothing_was_told(house: House) -> None:
    house.lines.follow([call(CALLER, paused=True)], {1})
    line = house.connect(CALLER)
    line.feed(b"secret")
    assert house.state() is CallText.PAUSED
    house.lines.follow([call(CALLER)], {1})
    house.seconds += AFTER_HUSH
    line.feed(b"+")
    assert house.recogniser.lines[0].fed == b"+"
    house.lines.follow([call(CALLER, muted=True)], {1})
    line.feed(b"secret")
    assert b"secret" not in house.recogniser.lines[0].fed


def test_what_asterisk_tells_of_a_pause_goes_before_what_the_database_says(house: House) -> None:
    """The database learns of it a moment later, and must not undo it meanwhile."""
    house.lines.follow([call(CALLER)], {1})
    line = house.connect(CALLER)
    house.lines.hush(CALLER, on=True)
    house.lines.follow([call(CALLER, paused=False)], {1})
    line.feed(b"secret")
    assert house.recogniser.lines[0].fed == b""


def test_while_nobody_would_tell_of_a_pause_nothing_is_heard(house: House) -> None:
    house.lines.follow([call(CALLER)], {1})
    line = house.connect(CALLER)
    house.lines.hush_all()
    line.feed(b"perhaps secret")
    assert house.recogniser.lines[0].fed == b""


def test_times_are_seconds_of_the_call(house: House, clock: FixedClock) -> None:
    house.lines.follow([call(CALLER)], {1})
    clock.advance(seconds=30)
    now = house.seconds
    words = (("楼下", 0.0, 0.4, 0.9), ("漏水", 0.5, 1.0, 0.8))
    house.recogniser.lines[0].on_heard(Heard(0, now - 2, now - 1, True, "楼下漏水", words))
    [turn] = house.news[-1].turns
    assert turn.start_s == 28
    assert turn.final
    assert (turn.speaker, turn.text) == (Speaker.CALLER, "楼下漏水")
