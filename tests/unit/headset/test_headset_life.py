"""What a headset does with its line and its keys, against a console and an exchange on real sockets."""

import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType

import pytest

from ivr.headset.audio import FRAME_BYTES, SILENCE
from ivr.headset.headset import Headset, Phase, Standing
from ivr.headset.site import Refused, SignedOut, Site, SiteAway
from ivr.headset.sound import DeviceBusy, NoDevice, SoundError
from tests.ports import free_port
from tests.unit.headset.exchange import Exchange
from tests.waiting import until

VOICE = b"\x10\x27" * (FRAME_BYTES // 2)


class PaperCard:
    """A sound card that hears and plays when a test says so; `fails` are raised, one at each opening."""

    def __init__(self) -> None:
        self.fails: list[SoundError] = []
        self.is_alive = False
        self.hear: Callable[[bytes], None]
        self.play: Callable[[], bytes]

    def opened(self, on_frame: Callable[[bytes], None], next_frame: Callable[[], bytes]) -> "PaperCard":
        self.hear, self.play = on_frame, next_frame
        return self

    def __enter__(self) -> "PaperCard":
        if self.fails:
            raise self.fails.pop()
        self.is_alive = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_alive = False


class Desk:
    """A headset at work with everything around it."""

    def __init__(self, exchange: Exchange, card: PaperCard, answers_by_itself: bool = False) -> None:
        self.exchange, self.card = exchange, card
        self.told: list[Standing] = []
        site = Site(exchange.address)
        site.sign_in("wang", "password")
        self.headset = Headset(site, card.opened, self.told.append, answers_by_itself, begins_ready=True)
        self.stop = threading.Event()
        self.failed: list[SignedOut] = []
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.headset.run(self.stop)
        except SignedOut as error:
            self.failed.append(error)

    def is_in(self, phase: Phase) -> Standing:
        return until(
            lambda: (now := self.headset.standing).phase is phase and now, 60, f"{phase}, told {self.told}"
        )

    def asked(self, path: str) -> int:
        return self.exchange.asked.count(f"/headset{path}")

    def end(self) -> None:
        self.stop.set()
        self.thread.join(60)
        assert not self.thread.is_alive()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange() as exchange:
        yield exchange


@pytest.fixture
def card() -> PaperCard:
    return PaperCard()


@pytest.fixture
def desk(exchange: Exchange, card: PaperCard) -> Iterator[Desk]:
    desk = Desk(exchange, card)
    try:
        desk.is_in(Phase.IDLE)
        yield desk
    finally:
        desk.end()


def ring(desk: Desk) -> None:
    desk.exchange.key("1")
    desk.is_in(Phase.RINGING)


def answer(desk: Desk) -> None:
    ring(desk)
    desk.headset.answer()
    desk.is_in(Phase.TALKING)


def test_a_line_that_sounds_makes_the_seat_ready_once(desk: Desk) -> None:
    until(lambda: desk.asked("/seat/ready") == 1)
    desk.exchange.cut()
    until(lambda: len(desk.exchange.lines) >= 2)
    desk.is_in(Phase.IDLE)
    assert desk.asked("/seat/ready") == 1


def test_it_shows_what_the_seat_does_whoever_changes_it(desk: Desk) -> None:
    answers = desk.exchange.answers
    answers["/headset/seat"] = (200, {"words": "ready", "seconds": 7})
    until(lambda: desk.headset.seat.words == "ready")
    assert 7 <= time.monotonic() - desk.headset.seat.since < 30
    answers["/headset/seat"] = (200, {"words": "paused · supervisor", "seconds": 0})
    desk.headset.set_seat("ready")
    answers["/headset/seat/ready"] = (409, {"refused": "no_telephone"})
    until(lambda: desk.headset.seat.words == "paused · supervisor")
    answers["/headset/seat"] = (500, {})
    until(lambda: desk.headset.seat.words == "")
    desk.exchange.cut()
    assert desk.headset.seat.words == ""


def test_it_rings_and_says_so_at_once(desk: Desk) -> None:
    ring(desk)
    assert desk.asked("/call/rings") == 1
    assert desk.card.play() != SILENCE
    desk.exchange.key("0")
    desk.is_in(Phase.IDLE)
    assert desk.card.play() == SILENCE


def test_the_room_is_heard_in_a_call_alone_and_a_mute_ends_with_it(desk: Desk) -> None:
    desk.card.hear(VOICE)
    ring(desk)
    desk.card.hear(VOICE)
    desk.headset.answer()
    desk.is_in(Phase.TALKING)
    until(lambda: "FLUSH_MEDIA" in desk.exchange.words)
    assert desk.exchange.said == []
    desk.card.hear(VOICE)
    desk.headset.toggle_mute()
    desk.card.hear(VOICE)
    until(lambda: desk.exchange.said == [VOICE, SILENCE])
    assert desk.headset.meter_db > -60
    desk.exchange.key("0")
    assert desk.is_in(Phase.IDLE) == Standing(Phase.IDLE)


def test_the_other_side_is_heard(desk: Desk) -> None:
    desk.exchange.sound(VOICE)
    answer(desk)
    for _ in range(4):
        desk.exchange.sound(VOICE)
    until(lambda: desk.card.play() == VOICE)


def test_hanging_up_is_asked_for_in_a_call_alone(desk: Desk) -> None:
    desk.headset.hang_up()
    desk.headset.answer()
    desk.headset.wait_orders()
    assert desk.asked("/call/hang-up") == desk.asked("/call/answer") == 0
    ring(desk)
    desk.headset.hang_up()
    until(lambda: desk.asked("/call/hang-up") == 1)


def test_a_caller_who_was_faster_is_told_of(desk: Desk) -> None:
    ring(desk)
    desk.exchange.answers["/headset/call/answer"] = (409, {"refused": "no_call"})
    desk.headset.answer()
    assert desk.is_in(Phase.IDLE).trouble == "no_call"


def test_a_call_is_answered_by_itself_where_that_is_wanted(exchange: Exchange, card: PaperCard) -> None:
    desk = Desk(exchange, card, answers_by_itself=True)
    try:
        desk.is_in(Phase.IDLE)
        exchange.key("1")
        desk.is_in(Phase.TALKING)
    finally:
        desk.end()


def test_a_call_that_its_supervisor_asked_for_is_picked_up_at_once(desk: Desk) -> None:
    desk.exchange.key("2")
    desk.is_in(Phase.TALKING)
    assert (desk.asked("/call/rings"), desk.asked("/call/answer")) == (1, 1)
    desk.exchange.key("0")
    desk.is_in(Phase.IDLE)
    ring(desk)  # any other call waits for the key


def test_a_broken_line_comes_back(desk: Desk) -> None:
    answer(desk)
    desk.exchange.cut()
    until(lambda: len(desk.exchange.lines) >= 2)
    desk.is_in(Phase.IDLE)


def test_a_device_that_is_unplugged_gives_the_line_away_until_it_is_back(desk: Desk) -> None:
    desk.card.fails = [NoDevice("usb")]
    desk.card.is_alive = False
    until(lambda: Standing(Phase.CONNECTING, trouble="device_gone") in desk.told)
    until(lambda: Standing(Phase.CONNECTING, trouble="no_device", device="usb") in desk.told)
    until(lambda: len(desk.exchange.lines) >= 2)
    desk.is_in(Phase.IDLE)


@pytest.mark.parametrize(
    ("path", "answer", "trouble"),
    [
        ("/headset/line", (503, {"refused": "telephone_away"}), "telephone_away"),
        ("/headset/line", (500, {}), "site_away"),
        ("/headset/line", (200, {"media": "ws://127.0.0.1:9/media/x"}), "telephone_away"),
    ],
)
def test_what_is_away_is_named_and_tried_again(
    exchange: Exchange, card: PaperCard, path: str, answer: tuple[int, dict[str, object]], trouble: str
) -> None:
    usual, exchange.answers[path] = exchange.answers[path], answer
    desk = Desk(exchange, card)
    try:
        until(lambda: desk.headset.standing == Standing(Phase.CONNECTING, trouble=trouble))
        exchange.answers[path] = usual
        assert desk.is_in(Phase.IDLE).trouble == ""
    finally:
        desk.end()


def test_a_device_that_another_program_has_is_named(exchange: Exchange, card: PaperCard) -> None:
    card.fails = [DeviceBusy("usb")]
    desk = Desk(exchange, card)
    try:
        desk.is_in(Phase.IDLE)
        assert Standing(Phase.CONNECTING, trouble="device_busy", device="usb") in desk.told
    finally:
        desk.end()


def test_a_token_that_has_ended_ends_it(exchange: Exchange, card: PaperCard) -> None:
    exchange.answers["/headset/line"] = (401, {})
    desk = Desk(exchange, card)
    until(lambda: desk.failed)
    desk.end()
    assert desk.failed[0].word == "signed_out"


def test_sign_in_is_refused_in_words_and_silence_is_told(exchange: Exchange) -> None:
    exchange.answers["/headset/sign-in"] = (401, {"refused": "wrong_password"})
    with pytest.raises(Refused, match="wrong_password"):
        Site(exchange.address).sign_in("wang", "wrong")
    with pytest.raises(SiteAway):
        Site(f"http://127.0.0.1:{free_port()}").sign_in("wang", "password")
    with pytest.raises(ValueError, match="http"):
        Site("file:///etc/passwd")
