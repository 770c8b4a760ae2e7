"""The gate that lets speech through, and the decoder behind it, with the real recogniser."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.live_text.ports import Heard
from recordings.accuracy import character_error_rate
from recordings.live import BLOCK_BYTES, MOST_WAITING_BYTES, Line, LiveDecoder
from recordings.live_gate import FRAME, FRAMES_BEFORE, RATE, Gate, Piece
from recordings.recogniser import Listening, Recogniser
from tests.unit.recordings.speech import spoken
from tests.waiting import until

MODEL = Path(__file__).parents[3] / "recordings" / "models" / "small-zh"
SENTENCE = "楼下的饭店油烟太大希望城管尽快处理"
Samples = NDArray[np.int16]


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(MODEL)


@pytest.fixture
def decoder(recogniser: Recogniser):  # type: ignore[no-untyped-def]
    made = LiveDecoder(recogniser, workers=2, silent_seconds=60)
    yield made
    made.close()


def tone(seconds: float, level: int = 4000) -> Samples:
    at = np.arange(int(seconds * RATE))
    return (level * np.sin(2 * np.pi * 440 * at / RATE)).astype(np.int16)


def quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.int16)


def through(gate: Gate, samples: Samples, block: int = 800) -> list[Piece]:
    return [
        piece
        for start in range(0, len(samples), block)
        for piece in gate.pieces(samples[start : start + block])
    ]


@pytest.mark.parametrize("block", [1, 100, 160, 333, 800, 40_000])
def test_speech_passes_with_its_soft_beginning_and_some_quiet_behind(block: int) -> None:
    pieces = through(Gate(), np.concatenate([quiet(1), tone(1), quiet(2)]), block)
    assert [piece.begins for piece in pieces].count(True) == 1
    assert pieces[0].begins
    assert pieces[-1].ends
    seconds = sum(len(piece.samples) for piece in pieces) / RATE
    assert seconds == pytest.approx(1 + FRAMES_BEFORE * FRAME / RATE + 0.8, abs=0.1)


def test_a_click_a_hiss_and_silence_do_not_pass() -> None:
    hiss = np.random.default_rng(1).normal(0, 30, RATE).astype(np.int16)
    click = np.concatenate([quiet(1), tone(0.03), quiet(1)])
    assert through(Gate(), np.concatenate([hiss, click, quiet(3)])) == []


def test_noise_passes_whole() -> None:
    noise = np.random.default_rng(1).normal(0, 600, 3 * RATE).astype(np.int16)
    pieces = through(Gate(), noise)
    assert sum(len(piece.samples) for piece in pieces) == len(noise)
    assert not any(piece.ends for piece in pieces)


class Hears:
    """What a line is told."""

    def __init__(self) -> None:
        self.told: list[Heard] = []

    def __call__(self, heard: Heard) -> None:
        self.told.append(heard)

    @property
    def finals(self) -> list[Heard]:
        return [heard for heard in self.told if heard.final]


def in_pieces(samples: Samples, size: int = 320) -> list[bytes]:
    content = samples.tobytes()
    return [content[start : start + size] for start in range(0, len(content), size)]


def speak(line: Line, samples: Samples, size: int = 320) -> None:
    """Feed it all, as fast as it is looked at, so that every look finds one block: in larger ones, which a
    busy machine would make, the recogniser may end an utterance elsewhere."""
    for piece in in_pieces(samples, size):
        line.feed(piece)
        if line.waiting_bytes >= BLOCK_BYTES:
            until(lambda: line.waiting_bytes == 0, what="the line to be looked at")


def test_words_grow_and_become_final(decoder: LiveDecoder) -> None:
    hears, began = Hears(), time.monotonic()
    line = decoder.listen(hears)
    speak(line, np.concatenate([spoken(SENTENCE), quiet(1.5)]))
    until(lambda: hears.finals, what="the utterance to be final")
    [final] = hears.finals
    assert character_error_rate(SENTENCE, final.text) < 0.1
    assert {heard.number for heard in hears.told} == {0}
    assert "".join(word for word, *_ in final.words) == final.text
    assert final.words[0][1] == 0
    assert began - 10 < final.began < final.ended


def test_the_gate_knows_a_pause_from_a_breath() -> None:
    gate = Gate()
    through(gate, np.concatenate([quiet(1), tone(1), quiet(0.2)]))
    assert gate.is_open
    assert not gate.is_quiet
    through(gate, quiet(0.2))
    assert gate.is_open
    assert gate.is_quiet


def test_two_utterances_have_two_numbers_and_each_its_time(decoder: LiveDecoder) -> None:
    hears = Hears()
    line = decoder.listen(hears)
    for _ in range(2):
        speak(line, np.concatenate([spoken("请问医保怎么办理"), quiet(1.2)]))
    until(lambda: len(hears.finals) == 2, what="both to be final")
    first, second = hears.finals
    assert (first.number, second.number) == (0, 1)
    assert second.words[0][1] == 0
    assert second.ended - second.began == pytest.approx(first.ended - first.began, abs=0.3)


def test_a_line_that_falls_silent_without_a_sound_is_finished(recogniser: Recogniser) -> None:
    decoder, hears = LiveDecoder(recogniser, workers=1, silent_seconds=0.5), Hears()
    line = decoder.listen(hears)
    said = "请问医保怎么办理"
    line.feed(spoken(said).tobytes()[:MOST_WAITING_BYTES])  # at once: silence between two pieces would be one
    until(lambda: hears.finals, what="the open utterance to be finished")
    assert character_error_rate(said, hears.finals[0].text) < 0.2
    decoder.close()


def test_what_waits_when_a_line_is_finished_is_never_looked_at(recogniser: Recogniser) -> None:
    """A pause: nothing that came before it was looked at may become text after it."""
    decoder = LiveDecoder(recogniser, workers=1)
    busy, release = threading.Event(), threading.Event()

    def hold(_: Heard) -> None:
        busy.set()
        release.wait(120)

    holder = decoder.listen(hold)
    for piece in in_pieces(spoken(SENTENCE)):
        holder.feed(piece)
    assert busy.wait(120)  # the only worker is away
    hears = Hears()
    line = decoder.listen(hears)
    for piece in in_pieces(spoken("我的密码是一二三四")):
        line.feed(piece)
    line.finish()
    release.set()
    speak(line, np.concatenate([spoken("请问医保怎么办理"), quiet(1.5)]))
    # The recogniser may end an utterance between two words: the question may be two of them.
    until(lambda: "医保" in "".join(heard.text for heard in hears.finals), what="what was said afterwards")
    assert all("密码" not in heard.text and "一二三" not in heard.text for heard in hears.told)
    decoder.close()


def test_a_closed_line_tells_its_rest_and_goes(decoder: LiveDecoder) -> None:
    hears = Hears()
    line = decoder.listen(hears)
    speak(line, spoken(SENTENCE))
    until(lambda: hears.told, what="the first words")
    line.close()
    until(lambda: hears.finals, what="the last words")
    until(lambda: decoder.load().lines == 0, what="the line to go")
    line.feed(b"\0" * BLOCK_BYTES)  # too late, and no harm


def test_sound_that_cannot_be_looked_at_is_dropped_and_counted_as_lag(recogniser: Recogniser) -> None:
    decoder = LiveDecoder(recogniser, workers=1)
    busy, release = threading.Event(), threading.Event()

    def hold(_: Heard) -> None:
        busy.set()
        release.wait(120)

    line = decoder.listen(hold)
    for piece in in_pieces(spoken(SENTENCE)):
        line.feed(piece)
    assert busy.wait(120)
    flooded = decoder.listen(Hears())
    for _ in range(100):
        flooded.feed(b"\0" * BLOCK_BYTES)
    assert flooded.waiting_bytes <= MOST_WAITING_BYTES + 1
    assert decoder.load().lag_s > 2
    release.set()
    until(lambda: flooded.waiting_bytes == 0 and decoder.load().lag_s < 0.5, what="all to be looked at")
    decoder.close()


def test_a_line_is_heard_by_the_model_of_its_language(recogniser: Recogniser) -> None:
    class Notes(Recogniser):
        """The same model, which notes that it was asked."""

        def __init__(self) -> None:
            vars(self).update(vars(recogniser))
            self.asked = 0

        def listening(self, line_rate: int) -> Listening:
            self.asked += 1
            return super().listening(line_rate)

    usual, wu = Notes(), Notes()
    decoder = LiveDecoder(usual, workers=1, by_language={"wu": wu})
    for languages in (("wu", "zh"), ("zh",), ()):
        decoder.listen(Hears(), languages)
    assert (usual.asked, wu.asked) == (2, 1)
    decoder.close()


def test_odd_sound_is_no_harm(decoder: LiveDecoder) -> None:
    hears = Hears()
    line = decoder.listen(hears)
    rng = np.random.default_rng(3)
    speak(line, rng.integers(-32768, 32767, 4 * RATE).astype(np.int16), 333)
    line.feed(b"\1")  # half a sample
    line.close()
    until(lambda: decoder.load().lines == 0, what="the line to be looked at and to go")
