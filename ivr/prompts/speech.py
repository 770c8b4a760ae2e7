"""Say a text into a WAV file: espeak-ng, resampled to telephone quality, one loudness for all.

The only module that runs espeak-ng.
"""

import io
import subprocess
import wave
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from hotline.language.pinyin import speakable
from ivr.prompts.wave_files import RATE, Samples, write_wave

PROGRAM: Final = "espeak-ng"
DEFAULT_VOICES: Final = {"zh": "cmn-latn-pinyin", "en": "en"}
_WORDS_A_MINUTE = {"zh": 175, "en": 150}
_WANTED_RMS = 0.1  # -20 dBFS, the usual level of speech on telephone lines
_LOUDEST_PEAK = 0.89  # -1 dBFS
_FRAME = RATE // 50
_SPEECH_ABOVE = 0.1  # of the loudest frame: pauses must not count towards loudness
_SOUND_ABOVE = 0.01  # of the loudest frame: what is softer at either end is cut off
EDGE_SECONDS: Final = 0.05
"""Silence before and after a sentence: a line swallows the first moments."""


class SpeechError(RuntimeError):
    """The text could not be spoken; the message does not repeat it."""


def speak(
    text: str,
    path: Path,
    language: str = "zh",
    voice: str | None = None,
    words_a_minute: int | None = None,
    edge_seconds: float = EDGE_SECONDS,
) -> None:
    """Write `text` as speech to `path`: 8 kHz s16 mono WAV. Raises `SpeechError`.

    `language` is "zh" or "en"; `voice` one of espeak-ng's, for example `cmn-latn-pinyin+f2`.
    """
    spoken = speakable(text) if language == "zh" else text
    rate = words_a_minute or _WORDS_A_MINUTE[language]
    sound = levelled(_synthesise(spoken, voice or DEFAULT_VOICES[language], rate), edge_seconds)
    if sound is None:
        raise SpeechError("the text gave no sound")
    write_wave(path, sound)


def _synthesise(spoken: str, voice: str, words_a_minute: int) -> Samples:
    try:
        finished = subprocess.run(  # noqa: S603 - the text goes in by standard input
            [PROGRAM, "-v", voice, "-s", str(words_a_minute), "--stdin", "--stdout"],
            input=spoken.encode(),
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise SpeechError(f"{PROGRAM} is not installed") from None
    if finished.returncode or not finished.stdout:
        raise SpeechError(f"{PROGRAM} failed with status {finished.returncode}")
    # Written to a pipe, the header's length is a placeholder: take whatever follows it.
    with wave.open(io.BytesIO(finished.stdout)) as file:
        rate = file.getframerate()
        raw = file.readframes(len(finished.stdout) // 2)
    samples = np.frombuffer(raw, "<i2").astype(np.float64) / 32768
    resampled: Samples = soxr.resample(samples, rate, RATE)
    return resampled


def levelled(samples: Samples, edge_seconds: float) -> Samples | None:
    """Speech at one loudness, short of clipping, with the same short silence at both ends; None where
    nothing is heard. `samples` are at `RATE`."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    loudness = np.sqrt((frames**2).mean(axis=1)) if len(frames) else np.zeros(0)
    if not loudness.size or loudness.max() == 0:
        return None
    speech = loudness[loudness > _SPEECH_ABOVE * loudness.max()]
    gain = min(_WANTED_RMS / np.sqrt((speech**2).mean()), _LOUDEST_PEAK / np.abs(samples).max())
    heard = np.flatnonzero(loudness > _SOUND_ABOVE * loudness.max())
    voiced = samples[heard[0] * _FRAME : (heard[-1] + 1) * _FRAME]
    return np.pad(voiced * gain, int(edge_seconds * RATE))
