"""Reading a prompt into a headset: record, hear, again, keep; and the terminal's keys."""

import io
import os
import pty
import select
import subprocess
import sys
import termios
import wave
from collections.abc import Callable, Iterator

import pytest

from ivr.headset.audio import FRAME_BYTES
from ivr.headset.recorder import record_prompt, wave_of
from ivr.headset.site import Refused, Site
from ivr.headset.words import words
from tests.unit.headset.exchange import Exchange
from tests.unit.headset.test_headset_life import PaperCard
from tests.waiting import until

SAID = words("en")
PROMPT = "/headset/prompts/zh/greeting"


class Reader(PaperCard):
    """Speaks while it is recorded, and plays whatever it is given to the end."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytes] = []

    def __enter__(self) -> "Reader":
        super().__enter__()
        for number in range(3):
            self.hear(bytes([number]) * FRAME_BYTES)
        for _ in range(20):
            self.heard.append(self.play())
        return self


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with Exchange() as exchange:
        exchange.answers[PROMPT] = (200, {"text": "您好"})
        yield exchange


def typing(*answers: str) -> tuple[Callable[[str], str], list[str]]:
    left, asked = list(answers), list[str]()

    def ask(sentence: str) -> str:
        asked.append(sentence)
        return left.pop(0)

    return ask, asked


def record(exchange: Exchange, *answers: str) -> tuple[bool, list[str], list[str], Reader]:
    card, told = Reader(), list[str]()
    ask, asked = typing(*answers)
    site = Site(exchange.address)
    kept = record_prompt(site, card.opened, ("zh", "greeting"), ask, told.append, SAID)
    return kept, asked, told, card


def test_what_was_read_is_played_and_kept(exchange: Exchange) -> None:
    kept, asked, _, card = record(exchange, "", "", "k\n")
    assert kept
    assert "您好" in asked[0]
    assert [bytes([number]) * FRAME_BYTES for number in range(3)] == card.heard[20:23]
    assert exchange.asked.count(f"{PROMPT}/recording") == 1


def test_it_is_read_again_after_a_refusal_and_given_up_at_last(exchange: Exchange) -> None:
    exchange.answers[f"{PROMPT}/recording"] = (422, {"refused": "clipped"})
    kept, _, told, _ = record(exchange, "", "", "a", "", "", "k", "", "", "q")
    assert not kept
    assert told == [SAID["clipped"]]


def test_a_slip_of_the_finger_costs_no_recording(exchange: Exchange) -> None:
    kept, asked, _, _ = record(exchange, "", "", "x\n", "\n", "K\n")
    assert kept
    assert len([sentence for sentence in asked if "您好" in sentence]) == 1


def test_where_nobody_can_answer_any_more_nothing_is_kept(exchange: Exchange) -> None:
    kept, asked, _, _ = record(exchange, "", "", "")
    assert not kept
    assert len(asked) == 3


def test_an_unknown_prompt_is_told_before_anything_is_recorded(exchange: Exchange) -> None:
    exchange.answers[PROMPT] = (404, {"refused": "unknown_prompt"})
    with pytest.raises(Refused, match="unknown_prompt"):
        record(exchange)


def test_a_recording_is_a_telephones_wave_file() -> None:
    with wave.open(io.BytesIO(wave_of([b"\1" * FRAME_BYTES] * 50))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        assert file.getnframes() == 8000


_PROGRAM = """
import threading
from ivr.headset.headset import Headset
from ivr.headset.screen import on_terminal
from ivr.headset.site import Site
from ivr.headset.words import words
headset = Headset(Site("http://127.0.0.1:9"), None, lambda _: None)
on_terminal(headset, words("en"), threading.Event())
print(headset.standing.muted)
"""


def test_keys_act_on_a_terminal_and_q_gives_it_back() -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=theirs, stdout=theirs) as process:
        os.close(theirs)
        shown = bytearray()

        def shows(text: str) -> bool:
            if select.select([ours], [], [], 0.05)[0]:
                shown.extend(os.read(ours, 4096))
            return text in shown.decode(errors="replace")

        try:
            until(lambda: shows(SAID["keys"]))
            until(lambda: shows("connecting"))
            os.write(ours, b"m")
            until(lambda: shows("(muted)"))
            os.write(ours, b"q")
            until(lambda: shows("True"))
            assert process.wait(60) == 0
        finally:
            process.kill()
    os.close(ours)


_TROUBLED = """
import threading
from ivr.headset.headset import Headset
from ivr.headset.screen import on_terminal
from ivr.headset.site import Site
from ivr.headset.sound import NoDevice
from ivr.headset.words import words

def open_sound(heard, following):
    raise NoDevice("A microphone of many words")

headset, stop = Headset(Site("http://127.0.0.1:9"), open_sound, lambda _: None), threading.Event()
threading.Thread(target=headset.run, args=(stop,), daemon=True).start()
on_terminal(headset, words("en"), stop)
"""


def test_what_is_wrong_is_never_cut_by_a_narrow_terminal() -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 30))
    with subprocess.Popen([sys.executable, "-c", _TROUBLED], stdin=theirs, stdout=theirs) as process:
        os.close(theirs)
        shown = bytearray()

        def shows(text: str) -> bool:
            if select.select([ours], [], [], 0.05)[0]:
                shown.extend(os.read(ours, 4096))
            return text in shown.decode(errors="replace")

        try:
            until(lambda: shows(SAID["no_device"].format(device="A microphone of many words")))
            os.write(ours, b"q")
            assert process.wait(60) == 0
        finally:
            process.kill()
    os.close(ours)
