"""What callers hear: a recording from the console while Asterisk runs, and numbers made of their pieces."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.prompts import spoken
from hotline.prompts.models import Voice
from hotline.prompts.service import keep_recording
from ivr.ami.client import AmiConnection
from ivr.control import TRUNK, ami_account
from ivr.network.line import Line
from ivr.prompts import PromptKeeper, Studio
from tests.factories import City
from tests.telephony.ivr_process import running
from tests.telephony.sounds import read_wave, tone_seconds, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

RECORDED_HZ = 900
CITIZEN = "13800005678"
_ALIKE = 0.8


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@pytest.fixture
def acting(context: Context) -> Iterator[Context]:
    """A supervisor; in the end the prompts are as they were."""
    yield context.acting_as(City.founded(context).supervisor)
    keeper = PromptKeeper(context)
    with context.writing() as session:
        session.connection().exec_driver_sql("UPDATE prompt_version SET in_use = 0")
    assert "zh/not-in-service" in keeper.follow()


def listen_to_the_end(line: Line) -> None:
    line.answer()
    line.listen(15)


def test_a_recording_is_heard_while_everything_runs(
    switchboard: Switchboard, acting: Context, tmp_path: Path
) -> None:
    recording = write_tone(tmp_path / "recording.wav", RECORDED_HZ, 1.5).read_bytes()
    with running(acting, switchboard):
        keep_recording(acting, Studio(acting.settings), "zh", "not-in-service", recording, Voice.UPLOADED)
        until(lambda: tone_seconds(switchboard.prompt("not-in-service"), RECORDED_HZ) > 1, what="the file")
        call = switchboard.network.dial("96110", CITIZEN, listen_to_the_end)
        call.wait_ended(20)
    assert tone_seconds(call.heard, RECORDED_HZ) > 1


def places(heard: Path, prompts: list[Path]) -> list[int]:
    """Where in `heard` each prompt is found, in samples, one after the other, up to the first that is not."""
    sound, found = np.pad(read_wave(heard), 800), [0]
    for prompt in prompts:
        piece = read_wave(prompt)
        rest = sound[found[-1] :]
        product = np.correlate(rest, piece, "valid")
        energy = np.convolve(rest**2, np.ones(len(piece)), "valid")
        likeness = product / np.sqrt(np.maximum(energy, 1e-3) * (piece**2).sum())
        if likeness.max() <= _ALIKE:
            break
        found.append(found[-1] + int(likeness.argmax()))
    return found[1:]


def test_a_number_is_heard_piece_by_piece(switchboard: Switchboard) -> None:
    """Three times at most: a busy machine skips moments, and a piece may be no longer than one."""
    pieces = [*spoken.position(12, "zh"), *spoken.digits("A10", "zh")]
    prompts = [switchboard.prompt(piece) for piece in pieces]
    for _ in range(3):
        call = switchboard.network.expect_callback(CITIZEN, listen_to_the_end)
        with AmiConnection(ami_account(switchboard.settings)) as asterisk:
            order = {"Channel": f"PJSIP/{CITIZEN}@{TRUNK}", "Application": "Playback", "Async": "true"}
            asterisk.ask("Originate", order | {"Data": "&".join(pieces)})
        call.wait_ended(30)
        found = places(call.heard, prompts)
        if len(found) == len(prompts):
            break
    assert len(found) == len(prompts)
    assert found == sorted(set(found))
