"""A real process that transcribes, killed in the middle: another takes over, and nothing is lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.transcripts.models import Recording, RecordingState
from hotline.transcripts.service import CLAIM_LASTS
from recordings.recogniser import Recogniser
from recordings.speech_models import Models
from recordings.tracks import Spool
from recordings.transcriber import Transcriber
from tests.factories import FixedClock, make_context
from tests.unit.recordings.calls import outcome, record
from tests.unit.recordings.speech import spoken
from tests.unit.recordings.wav import wav
from tests.waiting import until

MINUTES_OF_SPEECH = 12


@pytest.fixture
def here(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path)


@pytest.fixture
def transcribing(here: Context) -> Iterator[subprocess.Popen[bytes]]:
    """`hotline transcribe`, as the process manager runs it, on this database."""
    settings = here.settings.environment()
    words = [sys.executable, "-m", "hotline", "transcribe"]
    worker = subprocess.Popen(words, env=os.environ | settings, stdout=subprocess.DEVNULL)
    yield worker
    worker.kill()
    worker.wait(10)


def state_of(context: Context, recording_id: int) -> tuple[RecordingState, str]:
    with context.reading() as session:
        recording = session.get_one(Recording, recording_id)
        return recording.state, recording.claimed_by


def test_a_killed_worker_loses_nothing(
    here: Context, clock: FixedClock, transcribing: subprocess.Popen[bytes]
) -> None:
    speech = spoken("我们小区停水三天了")
    long = np.tile(speech, round(MINUTES_OF_SPEECH * 60 * 8000 / len(speech)))
    recording_id = record(here, {"caller": wav(long)})
    until(lambda: state_of(here, recording_id)[0] is RecordingState.CLAIMED, 120, "the worker's claim")
    claimed_by = state_of(here, recording_id)[1]
    assert claimed_by.endswith(f":{transcribing.pid}")
    transcribing.send_signal(signal.SIGKILL)
    transcribing.wait(10)
    assert state_of(here, recording_id)[0] is RecordingState.CLAIMED, "killed before it was done"

    with here.reading() as session:
        due_at = session.get_one(Recording, recording_id).due_at
    assert due_at is not None
    other = Transcriber(
        here, Models(Recogniser(Settings().vosk_model)), Spool(here.settings.spool_dir), "other"
    )
    clock.set(due_at - CLAIM_LASTS)
    assert not other.run_once(), "the claim is not over yet"
    # As long a file again would only take its time.
    (here.settings.spool_dir / "2026/11/21/1700000000.12/caller.wav").write_bytes(wav(speech))
    clock.set(due_at)
    assert other.run_once()
    state, failure, said = outcome(here, recording_id)
    assert (state, failure) == (RecordingState.DONE, "")
    assert "停水" in "".join(said.values())
