"""Makes prompts of people's recordings. The only module that imports soundfile (libsndfile).

WAV, FLAC, Ogg, MP3, AIFF and more are read; what comes out is what Asterisk plays without conversion.
"""

import io
from typing import Final

import numpy as np
import soundfile
import soxr

from hotline.config import Settings
from hotline.prompts.ports import Fault, PreparedSound, PromptRefused
from ivr.prompts.render import sounds_folder
from ivr.prompts.speech import EDGE_SECONDS, levelled
from ivr.prompts.wave_files import RATE, Samples, wave_bytes

LARGEST_BYTES: Final = 30 * 1024 * 1024
LONGEST_SECONDS: Final = 60.0
SHORTEST_SECONDS: Final = 0.15
"""Of sound: the silence at both ends does not count. A spoken digit is not shorter."""
_LONGEST_RAW_SECONDS = 120.0
_SILENT_PEAK = 0.01  # -40 dB below full scale: a microphone that is off
_FULL_SCALE = 0.999
_RUN = 3  # samples at full scale in a row: a wave that was cut off
_CLIPPED_SHARE = 0.001


class Studio:
    """Implements `hotline.prompts.ports.PromptStudio`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def prepare(self, recording: bytes) -> PreparedSound:
        """Mono, 8 kHz, at the loudness of all prompts, without the silence at both ends."""
        samples = _read(recording)
        if not samples.size or np.abs(samples).max() < _SILENT_PEAK:
            raise PromptRefused(Fault.SILENT)
        sound = levelled(samples, EDGE_SECONDS)
        if sound is None:
            raise PromptRefused(Fault.TOO_SHORT)
        seconds = len(sound) / RATE
        if seconds - 2 * EDGE_SECONDS < SHORTEST_SECONDS:
            raise PromptRefused(Fault.TOO_SHORT)
        if seconds > LONGEST_SECONDS:
            raise PromptRefused(Fault.TOO_LONG)
        return PreparedSound(wave_bytes(sound), seconds)

    def as_played(self, language: str, name: str) -> bytes | None:
        """From the folder that Asterisk plays from."""
        path = (sounds_folder(self._settings) / language / f"{name}.wav").resolve()
        if not path.is_relative_to(sounds_folder(self._settings).resolve()) or not path.is_file():
            return None
        return path.read_bytes()


def _read(recording: bytes) -> Samples:
    if len(recording) > LARGEST_BYTES:
        raise PromptRefused(Fault.TOO_LARGE)
    try:
        with soundfile.SoundFile(io.BytesIO(recording)) as file:
            rate = file.samplerate
            if rate < RATE:
                raise PromptRefused(Fault.TOO_COARSE)
            if file.frames > _LONGEST_RAW_SECONDS * rate:
                raise PromptRefused(Fault.TOO_LONG)
            channels: Samples = file.read(dtype="float64", always_2d=True)
    except (soundfile.SoundFileError, TypeError):
        raise PromptRefused(Fault.WRONG_FORMAT) from None
    if any(_is_clipped(channel) for channel in channels.T):  # at another rate the flat tops are gone
        raise PromptRefused(Fault.CLIPPED)
    mono: Samples = soxr.resample(channels.mean(axis=1), rate, RATE) if len(channels) else channels[:, 0]
    return mono


def _is_clipped(samples: Samples) -> bool:
    if len(samples) < _RUN:
        return False
    at_limit = np.abs(samples) >= _FULL_SCALE
    runs = np.convolve(at_limit, np.ones(_RUN), "valid") >= _RUN
    return bool(runs.mean() > _CLIPPED_SHARE)
