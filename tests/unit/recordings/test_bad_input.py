"""Sounds that no call should have left: each has one stated outcome (docs/recordings.md)."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.transcripts.models import RecordingState, Speaker
from recordings.accuracy import character_error_rate
from recordings.model_folder import NotAVoskModel
from recordings.recogniser import GpuRecogniser, NoGpu, Recogniser
from recordings.sound_files import Samples
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.factories import FixedClock, make_context
from tests.unit.recordings.calls import outcome, record
from tests.unit.recordings.speech import spoken
from tests.unit.recordings.wav import noise, wav

COMPLAINT = "我们小区停水三天了"


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Recogniser(Settings().vosk_model))


@pytest.fixture
def here(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def transcribe(here: Context, models: Models, clock: FixedClock) -> Callable[[bytes], tuple[str, str, str]]:
    """State, failure and text of a call whose caller's track holds these bytes, when all tries are over."""

    def work(content: bytes) -> tuple[str, str, str]:
        recording_id = record(here, {"caller": content})
        worker = Transcriber(here, models, Spool(here.settings.spool_dir), "test:1")
        while worker.run_once():
            clock.advance(hours=1)
        state, failure, said = outcome(here, recording_id)
        return state, failure, said[Speaker.CALLER]

    return work


Transcribe = Callable[[bytes], tuple[RecordingState, str, str]]


def as_file(samples: Samples, rate: int, form: str, subtype: str) -> bytes:
    content = io.BytesIO()
    soundfile.write(content, samples, rate, format=form, subtype=subtype)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (b"", "an empty file"),
        (b"\0" * 500, "not a sound file, or a broken one"),
        (b"RIFF\0\0\0\0WAVEfmt ", "a WAV file without samples"),
        (as_file(noise(2), 8000, "FLAC", "PCM_16")[:60], "not a sound file, or a broken one"),
    ],
    ids=["empty", "corrupt", "cut off in its header", "FLAC cut off in its header"],
)
def test_what_holds_no_sound_is_set_aside_with_its_reason(
    transcribe: Transcribe, content: bytes, failure: str
) -> None:
    assert transcribe(content) == (RecordingState.SET_ASIDE, failure, "")


def hears_the_complaint(transcribe: Transcribe, content: bytes) -> None:
    state, _, said = transcribe(content)
    assert state is RecordingState.DONE
    assert character_error_rate(COMPLAINT, said) <= 0.12


def test_a_truncated_file_is_written_down_to_its_end(transcribe: Transcribe) -> None:
    whole = spoken(COMPLAINT)
    content = wav(np.concatenate([whole, spoken("请尽快处理")]))
    hears_the_complaint(transcribe, content[: 44 + 2 * len(whole) + 1])


def test_sound_of_44100_hertz_is_resampled(transcribe: Transcribe) -> None:
    samples = np.asarray(soxr.resample(spoken(COMPLAINT), 8000, 44_100), np.int16)
    hears_the_complaint(transcribe, wav(samples, 44_100))


def test_of_two_channels_the_mean_is_heard(transcribe: Transcribe) -> None:
    samples = spoken(COMPLAINT)
    hears_the_complaint(transcribe, wav(np.repeat(samples, 2), channels=2))


@pytest.mark.parametrize(("form", "subtype"), [("FLAC", "PCM_16"), ("WAV", "ALAW"), ("WAV", "PCM_24")])
def test_a_wrong_extension_does_not_matter(transcribe: Transcribe, form: str, subtype: str) -> None:
    hears_the_complaint(transcribe, as_file(spoken(COMPLAINT), 8000, form, subtype))


def test_silence_has_no_words(transcribe: Transcribe) -> None:
    assert transcribe(wav(np.zeros(80_000, np.int16))) == (RecordingState.DONE, "", "")


def test_pure_noise_is_finished_whatever_is_heard_in_it(transcribe: Transcribe) -> None:
    state, failure, said = transcribe(wav(noise(20)))
    assert (state, failure) == (RecordingState.DONE, "")
    assert len(said) < 40, "a recogniser makes up some words, but no conversation"


def test_three_hours_are_read_in_pieces(tmp_path: Path) -> None:
    """The memory that it takes is the recogniser's business; what is read at once is ours."""
    spool = Spool(tmp_path)
    track = tmp_path / "2026/11/21/1700000000.12/caller.wav"
    track.parent.mkdir(parents=True)
    hours = 3 * 3600 * 8000
    with track.open("wb") as file:
        file.write(wav(np.zeros(0, np.int16), claimed=hours * 2))
        file.truncate(44 + hours * 2)  # holds no block on disk
    from recordings.sound_files import blocks

    with spool.open("2026/11/21/1700000000.12/caller.wav") as sound:
        sizes = [len(block) for block in blocks(sound)]
    assert sum(sizes) == hours
    assert max(sizes) == 80_000


@pytest.mark.parametrize("piece", ["graph/words.txt", "am/final.mdl", "conf/mfcc.conf", "graph/Gr.fst"])
def test_a_model_with_a_missing_piece_names_it(tmp_path: Path, piece: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(Settings().vosk_model, folder)
    (folder / piece).unlink()
    with pytest.raises(NotAVoskModel, match=piece.rpartition("/")[2]):
        Models.of(Settings(vosk_model=folder))


def test_without_a_gpu_it_says_so() -> None:
    with pytest.raises(NoGpu, match="HOTLINE_VOSK_DEVICE=cpu"):
        GpuRecogniser(Settings().vosk_model)


def test_a_call_in_another_language_gets_its_model(models: Models) -> None:
    english, cantonese = Models(models.usual).usual, Recogniser(Settings().vosk_model)
    several = Models(models.usual, {"en": english, "yue": cantonese})
    assert several.for_call(("yue", "zh")) is cantonese
    assert several.for_call(("zh",)) is models.usual
    assert several.for_call(()) is models.usual
