"""The recogniser with the repository's own model, on speech through a telephone line."""

import numpy as np
import pytest
import soxr

from hotline.config import Settings
from recordings.accuracy import character_error_rate
from recordings.recogniser import Recogniser, join_words
from tests.unit.recordings.speech import spoken

SENTENCE = "您好，我想反映一下小区门口的路灯坏了一个星期了，晚上出门很不方便"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(Settings().vosk_model)


@pytest.mark.parametrize("variant", ["", "f2"])
def test_a_complaint_is_understood(recogniser: Recogniser, variant: str) -> None:
    heard = recogniser.transcribe(spoken(SENTENCE, variant), 8000)
    assert character_error_rate(SENTENCE, "".join(s.text for s in heard)) <= 0.1


def test_words_lie_inside_their_segment_in_the_order_of_time(recogniser: Recogniser) -> None:
    samples = spoken(SENTENCE)
    (*_, last) = segments = recogniser.transcribe(samples, 8000)
    times = [moment for segment in segments for _, start, end, _ in segment.words for moment in (start, end)]
    assert times == sorted(times)
    assert segments[0].start_s == pytest.approx(0.5, abs=0.2)
    assert last.end_s <= len(samples) / 8000
    assert all(0 < confidence <= 1 for segment in segments for *_, confidence in segment.words)


def test_two_utterances_are_two_segments_with_times_in_the_whole(recogniser: Recogniser) -> None:
    first, pause = spoken("路灯坏了"), np.zeros(8000 * 4, np.int16)
    one, two = recogniser.transcribe(np.concatenate([first, pause, spoken("谢谢再见")]), 8000)
    assert one.end_s < len(first) / 8000 < len(first) / 8000 + 4 < two.start_s


def test_audio_at_another_rate_is_resampled(recogniser: Recogniser) -> None:
    wide = np.asarray(soxr.resample(spoken(SENTENCE), 8000, 16_000), np.int16)
    (*_, last) = segments = recogniser.transcribe(wide, 16_000)
    assert character_error_rate(SENTENCE, "".join(s.text for s in segments)) <= 0.1
    assert last.end_s <= len(wide) / 16_000


@pytest.mark.parametrize("samples", [np.zeros(0, np.int16), np.zeros(8000 * 3, np.int16)])
def test_nothing_is_heard_where_nobody_speaks(recogniser: Recogniser, samples: np.ndarray) -> None:
    assert recogniser.transcribe(samples, 8000) == []


def test_chinese_is_written_without_spaces_and_latin_with() -> None:
    assert join_words(["我", "想", "办", "new", "app", "卡"]) == "我想办new app卡"
