"""Tones that tell speakers apart, and the question whether a sound was heard."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ivr.prompts.wave_files import RATE, write_wave

Samples = npt.NDArray[np.float64]

CITIZEN_HZ = 700
AGENT_HZ = 1300
HEADER_BYTES = 44
_FRAME = RATE // 10
_AUDIBLE_RMS = 0.01
_TONE_SHARE = 0.7
"""Of a frame's energy, within one bin (10 Hz) to each side of the tone."""


def write_tone(path: Path, hertz: int, seconds: float) -> Path:
    """A sine of half the full scale."""
    at = np.arange(int(seconds * RATE)) / RATE
    write_wave(path, 0.5 * np.sin(2 * np.pi * hertz * at))
    return path


def shorten_greeting(state_dir: Path) -> None:
    """Put a beep in the place of what every caller hears first, for tests that are not about it."""
    folder = state_dir / "prompts" / "zh"
    folder.mkdir(parents=True)
    for prompt in ("greeting", "recording-notice"):
        write_tone(folder / f"{prompt}.wav", 440, 0.2)


def read_wave(path: Path) -> Samples:
    """Samples of an 8 kHz, 16-bit, mono file, -1..1."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768


def tone_seconds(path: Path, hertz: int) -> float:
    """For how long the file holds this tone and little else."""
    return _tone_seconds(read_wave(path), hertz)


def tone_seconds_so_far(path: Path, hertz: int) -> float:
    """As `tone_seconds`, of a recording that may still grow; 0 before it has begun."""
    return _tone_seconds(growing(path), hertz)


def growing(wave_file: Path) -> Samples:
    """Samples of an 8 kHz, 16-bit, mono file whose header is not final yet."""
    if not wave_file.exists():
        return np.zeros(0)
    raw = wave_file.read_bytes()[HEADER_BYTES:]
    return np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.float64) / 32768


def _tone_seconds(samples: Samples, hertz: int) -> float:
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    near = round(hertz * _FRAME / RATE)
    share = spectrum[:, near - 1 : near + 2].sum(axis=1) / np.maximum(spectrum.sum(axis=1), 1e-12)
    audible = np.sqrt((frames**2).mean(axis=1)) > _AUDIBLE_RMS
    return float((audible & (share > _TONE_SHARE)).sum()) * _FRAME / RATE


SAME = 0.7
"""Likeness of a prompt that was heard: other prompts give below 0.6, and a busy machine skips moments."""
_PIECE = RATE // 2


def likeness(heard: Path, prompt: Path) -> float:
    """How well `prompt` is found in `heard`: 1.0 is a perfect copy, other speech gives below 0.6.

    Looked for by half-seconds, and the median taken: on a busy machine a line may skip a moment. `heard` may
    still grow.
    """
    return likeness_of(growing(heard), prompt)


def likeness_of(heard: Samples, prompt: Path) -> float:
    """As `likeness`, of sound that is here already."""
    wanted = read_wave(prompt)
    sound = np.pad(heard, RATE)  # either end may be cut off
    pieces = [wanted[start : start + _PIECE] for start in range(0, len(wanted) - _PIECE // 2, _PIECE)]
    return float(np.median([_best_match(sound, piece) for piece in pieces]))


def _best_match(sound: Samples, piece: Samples) -> float:
    size = 1 << (len(sound) + len(piece)).bit_length()
    product = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(piece, size))
    places = len(sound) - len(piece) + 1
    energy = np.concatenate([[0.0], np.cumsum(sound**2)])
    local = energy[len(piece) :][:places] - energy[:places]
    norm = np.sqrt(np.maximum(local, 1e-3) * (piece**2).sum())
    return float((np.fft.irfft(product, size)[:places] / norm).max())
