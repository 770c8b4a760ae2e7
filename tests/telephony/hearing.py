"""What somebody hears just now: everybody hums a tone of their own, and recordings are read as they grow."""

import time
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from ivr.network import CallFailed, Line, NetworkCall, Script
from ivr.prompts.wave_files import RATE
from tests.telephony.sounds import HEADER_BYTES, SAME, Samples, growing, likeness_of, read_wave
from tests.waiting import until

CITIZEN, AGENT, EXPERT, OTHER, FIFTH, SIXTH = VOICES = (510, 690, 1000, 1130, 1530, 1790)
"""Hertz. No two together make, where a line overdrives, a third one (a + b - c)."""
SUPERVISOR = SIXTH

_LENGTH_FIELD = slice(40, 44)  # of the data chunk; written when the file is closed
_PROMPT_SECONDS = 60.0
_WINDOW = RATE // 5  # 200 ms: bins of 5 Hz
_LEVEL = 0.004
"""Amplitude of a tone that somebody hears; the hum's is about 0.03 of the full scale."""


def hum(voice: int, ring: float = 0.0) -> Script:
    """Somebody who picks up, hums, and stays until the other side hangs up."""

    def script(line: Line) -> None:
        if ring:
            line.ring(ring)
        line.answer()
        line.hum(voice)
        line.listen_to_the_end(60)

    return script


def hears(line: Line, prompt: Path, after: int = 0) -> int:
    """Listen until most of this prompt has been heard, later than so many samples; returns how many have come
    by now."""
    latest = len(read_wave(prompt)) + 3 * RATE  # to look through more takes longer than the prompt
    due = time.monotonic() + _PROMPT_SECONDS
    while time.monotonic() < due:
        line.listen(0.3)
        heard = growing(line.heard)
        if likeness_of(heard[max(after, len(heard) - latest) :], prompt) > SAME:
            return len(heard)
    raise CallFailed(f"{prompt.stem} was not heard")


def heard_now(wave: Path) -> set[int]:
    """Voices in the last moment of a recording that may still grow."""
    samples = growing(wave)
    return voices_in(samples[-_WINDOW:]) if len(samples) >= _WINDOW else set()


def voices_in(samples: Samples, voices: Sequence[int] = VOICES) -> set[int]:
    """Voices that sound in these samples."""
    strength = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) / (len(samples) / 4)
    width = RATE / len(samples)
    return {voice for voice in voices if strength[round(voice / width)] > _LEVEL}


def wait_until_closed(*waves: Path) -> None:
    """Return once Asterisk has closed these recordings of speech: it does so after the hang-up."""
    until(lambda: all(_closed(wave) for wave in waves), what="a closed recording")


def _closed(wave: Path) -> bool:
    if not wave.exists():
        return False
    with wave.open("rb") as file:
        header = file.read(HEADER_BYTES)
    written = wave.stat().st_size - HEADER_BYTES
    return written > 0 and int.from_bytes(header[_LENGTH_FIELD], "little") == written


def until_hears(call: NetworkCall, voices: Collection[int], seconds: float = 10) -> None:
    """Wait until somebody hears exactly these voices."""
    until_sounds(call.heard, voices, seconds)


def until_sounds(wave: Path, voices: Collection[int], seconds: float = 10) -> None:
    """Wait until a recording that grows ends in exactly these voices."""
    wanted = set(voices)
    until(lambda: heard_now(wave) == wanted, seconds, f"{wave.name} to hold {sorted(wanted)}")
