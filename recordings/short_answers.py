"""Understands short answers by a grammar of their own: only its phrases are words, all else is noise."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from hotline.follow_up.spoken import Heard
from recordings.model_folder import NotAVoskModel
from recordings.recogniser import Recogniser
from recordings.tracks import Audio, TrackError, parse_wav

_log = structlog.get_logger(__name__)

# A voice on a telephone line lies far above this (of 32768); what lasts shorter is a click.
_LOUD = 400
_VOICE_SECONDS = 0.12
_BLOCK_SECONDS = 0.02


class ShortAnswers:
    """Implements `hotline.follow_up.spoken.Listener`. Nobody waits while the model is loaded."""

    def __init__(self, load: Callable[[], Recogniser]) -> None:
        self._recogniser: Recogniser | None = None
        self._loading = threading.Thread(target=self._load, args=(load,), name="short-answers", daemon=True)
        self._loading.start()

    def join(self) -> None:
        """Wait until the model is loaded, or refused."""
        self._loading.join()

    def is_ready(self) -> bool:
        """See `Listener`."""
        return self._recogniser is not None

    def hear(self, pieces: Sequence[Path], phrases: tuple[str, ...]) -> Heard:
        """See `Listener`. A file that cannot be read is nothing heard."""
        sounds = [sound for piece in pieces if (sound := _read(piece))]
        if self._recogniser is None or not sounds:
            return Heard(spoke=False)
        samples, rate = np.concatenate([sound.samples for sound in sounds]), sounds[0].rate
        if not is_voice(samples, rate):
            return Heard(spoke=False)
        return Heard(True, self._recogniser.hear_among(samples, rate, phrases))

    def _load(self, load: Callable[[], Recogniser]) -> None:
        try:
            self._recogniser = load()
        except NotAVoskModel as error:
            _log.error("short_answers.no_model", reason=str(error))


def _read(piece: Path) -> Audio | None:
    try:
        return parse_wav(piece.read_bytes())
    except (OSError, TrackError) as error:
        _log.warning("short_answers.unreadable", error=type(error).__name__)
        return None


def is_voice(samples: NDArray[np.int16], rate: int) -> bool:
    """Whether it is loud for as long as the shortest word."""
    block = max(1, round(rate * _BLOCK_SECONDS))
    whole = samples[: len(samples) // block * block].astype(np.float64).reshape(-1, block)
    loud = np.sqrt(np.mean(whole**2, axis=1)) > _LOUD if len(whole) else np.zeros(0, bool)
    return float(loud.sum()) * _BLOCK_SECONDS >= _VOICE_SECONDS
