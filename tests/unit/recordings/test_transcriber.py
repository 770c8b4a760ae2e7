"""From a finished call on disk to its transcript in the database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.transcripts.models import Recording, RecordingState, Speaker
from recordings.accuracy import character_error_rate
from recordings.recogniser import Recogniser
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.factories import FixedClock, make_context
from tests.unit.recordings.calls import outcome, record
from tests.unit.recordings.speech import spoken
from tests.unit.recordings.wav import wav
from tests.waiting import until

COMPLAINT = "我们小区停水三天了"
ANSWER = "请稍等"


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(Settings().vosk_model)


@pytest.fixture
def here(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def transcriber(here: Context, recogniser: Recogniser) -> Transcriber:
    return Transcriber(here, Models(recogniser), Spool(here.settings.spool_dir), "test:1")


def test_every_speaker_is_written_down_and_the_mix_is_not(here: Context, transcriber: Transcriber) -> None:
    caller, agent = wav(spoken(COMPLAINT)), wav(spoken(ANSWER, "f2"))
    recording_id = record(here, {"caller": caller, "agent-1700000003.14": agent, "mix": caller})
    assert transcriber.run_once()
    state, _, said = outcome(here, recording_id)
    assert state is RecordingState.DONE
    assert character_error_rate(COMPLAINT, said[Speaker.CALLER]) <= 0.1
    assert character_error_rate(ANSWER, said[Speaker.AGENT]) <= 0.1
    assert said[Speaker.MIX] == ""


def test_the_transcript_names_its_model_and_counts_time_from_the_call(
    here: Context, transcriber: Transcriber, recogniser: Recogniser
) -> None:
    recording_id = record(here, {"agent-1700000003.14": wav(spoken(ANSWER))})
    transcriber.run_once()
    with here.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert (recording.model_name, recording.model_hash) == (recogniser.name, recogniser.sha256)
        assert recording.tracks[0].segments[0].start_s > 4


def test_nothing_is_due(transcriber: Transcriber) -> None:
    assert not transcriber.run_once()


def test_a_silent_call_has_an_empty_transcript(here: Context, transcriber: Transcriber) -> None:
    recording_id = record(here, {"caller": wav(np.zeros(16_000, np.int16))})
    transcriber.run_once()
    assert outcome(here, recording_id) == (RecordingState.DONE, "", {Speaker.CALLER: ""})


def test_a_call_cut_short_by_a_crash_is_transcribed(here: Context, transcriber: Transcriber) -> None:
    recording_id = record(here, {"caller": wav(spoken(COMPLAINT), claimed=0)})
    transcriber.run_once()
    state, _, said = outcome(here, recording_id)
    assert state is RecordingState.DONE
    assert character_error_rate(COMPLAINT, said[Speaker.CALLER]) <= 0.1


def test_a_file_that_is_no_audio_is_set_aside_after_three_tries(
    here: Context, transcriber: Transcriber, clock: FixedClock
) -> None:
    recording_id = record(here, {"caller": b"not audio at all"})
    for _ in range(3):
        assert transcriber.run_once()
        clock.advance(hours=1)
    assert not transcriber.run_once()
    assert outcome(here, recording_id) == (
        RecordingState.SET_ASIDE,
        "not a sound file, or a broken one",
        {Speaker.CALLER: ""},
    )


@pytest.fixture
def running(transcriber: Transcriber) -> Iterator[None]:
    stop = threading.Event()
    worker = threading.Thread(target=transcriber.run, args=(stop,))
    worker.start()
    yield
    stop.set()
    worker.join(timeout=60)
    assert not worker.is_alive()


@pytest.mark.usefixtures("running")
def test_a_running_worker_finds_new_recordings_by_itself(here: Context) -> None:
    recording_id = record(here, {"caller": wav(spoken(COMPLAINT))})
    until(lambda: outcome(here, recording_id)[0] is RecordingState.DONE, what="the transcript")
