"""The slower voice: longer, at the same pitch, made once."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from hotline.context import Context
from hotline.prompts.texts import sentences
from ivr.agi.server import AgiServer, Limits
from ivr.agi.slower import Slower
from ivr.prompts.wave_files import RATE, write_wave
from ivr.slow_voice import RATIO, ensure_slow, stretched
from tests.telephony.sounds import read_wave, write_tone
from tests.unit.agi.asterisk_side import AsteriskSide


@pytest.mark.parametrize("hertz", [180, 440, 1300])
def test_it_is_longer_at_the_same_pitch(hertz: int) -> None:
    at = np.arange(RATE) / RATE
    slow = stretched(0.5 * np.sin(2 * np.pi * hertz * at), RATIO)
    assert len(slow) / RATE == pytest.approx(RATIO, abs=0.05)
    middle = slow[2000:8000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert spectrum.argmax() * RATE / len(middle) == pytest.approx(hertz, abs=5)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.5 / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize("length", [0, 1, 100, 1000])
def test_the_shortest_sounds_stay_sounds(length: int) -> None:
    assert np.isfinite(stretched(np.ones(length), RATIO)).all()


def test_what_was_changed_is_made_again(context: Context) -> None:
    folder = context.settings.state_dir / "sounds"
    (folder / "zh").mkdir(parents=True)
    write_tone(folder / "zh" / "greeting.wav", 440, 0.5)
    write_tone(folder / "zh" / "no-sentence.wav", 440, 0.5)
    assert "greeting" in sentences("zh")
    assert [ensure_slow(context.settings, "zh") for _ in range(2)] == [1, 0]
    assert len(read_wave(folder / "zh_slow" / "greeting.wav")) / RATE == pytest.approx(0.65, abs=0.05)
    later = (folder / "zh_slow" / "greeting.wav").stat().st_mtime + 10
    os.utime(folder / "zh" / "greeting.wav", (later, later))
    assert ensure_slow(context.settings, "zh") == 1
    assert ensure_slow(context.settings, "../zh") == 0


def test_two_who_make_the_same_sound_do_each_other_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "greeting.wav"
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(lambda _: write_wave(path, np.zeros(RATE)), range(100)))
    assert len(read_wave(path)) == RATE
    assert list(tmp_path.iterdir()) == [path]


def test_the_script_says_the_language(context: Context, tmp_path: Path) -> None:
    server = AgiServer(("127.0.0.1", 0), [Slower(context)], Limits(stop_seconds=2))
    server.start()
    written = []
    with AsteriskSide(server.port) as asterisk:
        asterisk.header(script="slower")
        while command := asterisk.hears():
            if command.startswith("SET VARIABLE"):
                written.append(command)
            asterisk.say("200 result=1 (en_wait_3_5)\n")
    server.stop()
    assert written == ['SET VARIABLE "CALL_LANGUAGE" "en_slow"']
