"""Short answers by the model of the repository: what is one of them, and what is not."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hotline.config import PROJECT_ROOT
from hotline.follow_up.spoken import SATISFACTION, SOLVED, Heard, key_of
from recordings.model_folder import NotAVoskModel
from recordings.recogniser import Recogniser
from recordings.short_answers import ShortAnswers, is_voice
from tests.unit.recordings.speech import spoken

SMALL = PROJECT_ROOT / "recordings" / "models" / "small-zh"


@pytest.fixture(scope="module")
def answers() -> ShortAnswers:
    answers = ShortAnswers(lambda: Recogniser(SMALL))
    answers.join()
    assert answers.is_ready()
    return answers


def saved(folder: Path, samples: NDArray[np.int16], name: str = "answer.wav") -> Path:
    path = folder / name
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


# One voice says everything; the others what is hard: a no that has the yes in it, and the shortest.
@pytest.mark.parametrize(
    ("said", "key", "voice"),
    [
        ("解决了", "1", ""),
        ("没有解决", "2", ""),
        ("还没有", "2", ""),
        ("是的", "1", ""),
        *[(said, key, voice) for said, key in (("没有解决", "2"), ("是的", "1")) for voice in ("f5", "m6")],
    ],
)
def test_whether_it_is_solved_is_heard(
    answers: ShortAnswers, tmp_path: Path, said: str, key: str, voice: str
) -> None:
    heard = answers.hear([saved(tmp_path, spoken(said, voice))], tuple(SOLVED))
    assert key_of(heard.words, SOLVED) == key, heard


@pytest.mark.parametrize(
    ("said", "key", "voice"),
    [
        ("非常满意", "1", ""),
        ("满意", "2", ""),
        ("一般", "3", ""),
        ("不满意", "4", ""),
        ("五分", "1", ""),
        ("三", "3", ""),
        *[(said, key, voice) for said, key in (("不满意", "4"), ("三", "3")) for voice in ("f5", "m6")],
    ],
)
def test_how_satisfied_is_heard(
    answers: ShortAnswers, tmp_path: Path, said: str, key: str, voice: str
) -> None:
    heard = answers.hear([saved(tmp_path, spoken(said, voice))], tuple(SATISFACTION))
    assert key_of(heard.words, SATISFACTION) == key, heard


def test_what_begins_in_one_piece_and_ends_in_the_next_is_one_answer(
    answers: ShortAnswers, tmp_path: Path
) -> None:
    """The second half alone says the opposite. A piece that cannot be read takes nothing from the other."""
    samples = spoken("没有解决")
    half = len(samples) // 2
    pieces = [saved(tmp_path, samples[:half], "1.wav"), saved(tmp_path, samples[half:], "2.wav")]
    assert key_of(answers.hear(pieces, tuple(SOLVED)).words, SOLVED) == "2"
    whole = [tmp_path / "none.wav", saved(tmp_path, samples)]
    assert key_of(answers.hear(whole, tuple(SOLVED)).words, SOLVED) == "2"
    assert key_of(answers.hear(pieces[1:], tuple(SOLVED)).words, SOLVED) != "2"


@pytest.mark.parametrize("said", ["今天下雨我没带伞", "你们是哪个单位的", "请稍等一下我换个手机"])
def test_other_speech_is_speech_but_no_answer(answers: ShortAnswers, tmp_path: Path, said: str) -> None:
    heard = answers.hear([saved(tmp_path, spoken(said))], tuple(SATISFACTION))
    assert heard.spoke
    assert key_of(heard.words, SATISFACTION) == "", heard


@pytest.mark.parametrize("level", [0, 40])
def test_silence_and_a_quiet_line_are_no_speech(answers: ShortAnswers, tmp_path: Path, level: int) -> None:
    noise = np.random.default_rng(1).normal(0, level, 16_000).astype(np.int16)
    assert answers.hear([saved(tmp_path, noise)], tuple(SOLVED)) == Heard(spoke=False)


def test_a_click_is_no_voice() -> None:
    samples = np.zeros(8000, np.int16)
    samples[4000:4200] = 20_000
    assert not is_voice(samples, 8000)
    assert not is_voice(samples[:0], 8000)


def test_what_is_no_sound_file_is_nothing_heard(answers: ShortAnswers, tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"not a sound")
    assert answers.hear([tmp_path / "x.wav"], tuple(SOLVED)) == Heard(spoke=False)
    assert answers.hear([tmp_path / "none.wav"], tuple(SOLVED)) == Heard(spoke=False)


def test_without_a_model_nobody_listens(tmp_path: Path) -> None:
    def load() -> Recogniser:
        raise NotAVoskModel(tmp_path, "it is empty")

    answers = ShortAnswers(load)
    answers.join()
    assert not answers.is_ready()
