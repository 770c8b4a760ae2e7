"""Recordings become prompts, or are refused for what is wrong with them."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.config import load_settings
from hotline.prompts.ports import Fault, PromptRefused
from ivr.prompts import Studio
from ivr.prompts.wave_files import RATE
from tests.telephony.sounds import read_wave


def recording(
    seconds: float,
    amplitude: float = 0.3,
    rate: int = 44_100,
    channels: int = 2,
    silence: float = 0.5,
    kind: str = "WAV",
) -> bytes:
    """A tone with silence around it, as any program may write it."""
    at = np.arange(int(seconds * rate)) / rate
    tone = np.pad(amplitude * np.sin(2 * np.pi * 500 * at), int(silence * rate))
    content = io.BytesIO()
    soundfile.write(content, np.stack([tone] * channels, axis=1), rate, format=kind)
    return content.getvalue()


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(load_settings(state_dir=tmp_path))


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt((samples[800:-800] ** 2).mean()))


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "AIFF", "MP3"])
def test_any_usual_file_becomes_what_asterisk_plays(studio: Studio, tmp_path: Path, kind: str) -> None:
    prepared = studio.prepare(recording(1.5, kind=kind))
    path = tmp_path / "prompt.wav"
    path.write_bytes(prepared.sound)
    samples = read_wave(path)
    assert prepared.seconds == len(samples) / RATE == pytest.approx(1.6, abs=0.1)


def test_loud_and_soft_voices_come_out_alike(studio: Studio, tmp_path: Path) -> None:
    levels = []
    for amplitude in (0.05, 0.9):
        path = tmp_path / f"{amplitude}.wav"
        path.write_bytes(studio.prepare(recording(1, amplitude)).sound)
        levels.append(rms(read_wave(path)))
    assert levels[0] == pytest.approx(levels[1], rel=0.05)


def clipped(rate: int = RATE, loud: float = 2.0) -> bytes:
    at = np.arange(rate) / rate
    content = io.BytesIO()
    soundfile.write(content, np.clip(loud * np.sin(2 * np.pi * 300 * at), -1, 1), rate, format="WAV")
    return content.getvalue()


@pytest.mark.parametrize(
    ("sound", "fault"),
    [
        (b"", Fault.WRONG_FORMAT),
        (b"MZ this is a program", Fault.WRONG_FORMAT),
        (recording(1)[:30], Fault.WRONG_FORMAT),
        (recording(1, amplitude=0.001), Fault.SILENT),
        (recording(0, silence=0.0), Fault.SILENT),
        (recording(1, rate=4000), Fault.TOO_COARSE),
        (recording(61, rate=8000), Fault.TOO_LONG),
        (recording(130, rate=8000), Fault.TOO_LONG),
        (recording(0.06), Fault.TOO_SHORT),
        (clipped(), Fault.CLIPPED),
        (clipped(rate=16_000, loud=1000), Fault.CLIPPED),
        (clipped(rate=44_100), Fault.CLIPPED),
        (b"\0" * (30 * 1024 * 1024 + 1), Fault.TOO_LARGE),
    ],
    ids=lambda value: value if isinstance(value, Fault) else "",
)
def test_refusals_say_what_is_wrong(studio: Studio, sound: bytes, fault: Fault) -> None:
    with pytest.raises(PromptRefused) as refused:
        studio.prepare(sound)
    assert refused.value.fault is fault


def test_what_callers_hear_is_read_from_the_sounds_alone(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "sounds" / "zh").mkdir(parents=True)
    (tmp_path / "sounds" / "zh" / "greeting.wav").write_bytes(b"RIFF")
    (tmp_path / "secret.wav").write_bytes(b"secret")
    assert studio.as_played("zh", "greeting") == b"RIFF"
    assert studio.as_played("zh", "nothing") is None
    assert studio.as_played("zh", "../../secret") is None
