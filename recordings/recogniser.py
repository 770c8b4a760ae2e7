"""Speech to text by Vosk: the only module that imports it."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import vosk
from numpy.typing import NDArray

from hotline.transcripts.service import SpokenSegment
from recordings.model_folder import ModelFolder, NotAVoskModel

_BLOCK_SECONDS = 0.2
_SILENT_LOG = -2
_SPACE_BETWEEN_LETTERS = re.compile(r"(?<![A-Za-z0-9]) | (?![A-Za-z0-9])")


class Recogniser:
    """A loaded model. `name`, `sha256` and `rate` (in Hz) are the model's. May be used by several threads."""

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises `NotAVoskModel`."""
        checked = ModelFolder.check(folder)
        vosk.SetLogLevel(_SILENT_LOG)
        try:
            self._model = vosk.Model(str(checked.path))
        except Exception as error:  # noqa: BLE001 (Vosk raises nothing more specific)
            raise NotAVoskModel(checked.path, f"Vosk refuses it ({error})") from None
        self._folder = checked
        self.name = checked.name
        self.rate = checked.rate

    @property
    def sha256(self) -> str:
        """Of the model's files; worked out when first asked for."""
        return self._folder.sha256

    def transcribe(self, samples: NDArray[np.int16], rate: int) -> list[SpokenSegment]:
        """What is said in mono audio at `rate` Hz, as utterances with times from its start.

        Words are `[word, start_s, end_s, confidence]`. Audio of another rate than the model's is resampled.
        """
        if rate != self.rate:
            samples = np.asarray(soxr.resample(samples, rate, self.rate, "HQ"), np.int16)
        return [segment for segment in map(_segment, self._utterances(samples)) if segment is not None]

    def _utterances(self, samples: NDArray[np.int16]) -> Iterator[dict[str, Any]]:
        recognizer = vosk.KaldiRecognizer(self._model, float(self.rate))
        recognizer.SetWords(True)
        block = round(self.rate * _BLOCK_SECONDS)
        for start in range(0, len(samples), block):
            if recognizer.AcceptWaveform(samples[start : start + block].tobytes()):
                yield json.loads(recognizer.Result())
        yield json.loads(recognizer.FinalResult())


def _segment(utterance: dict[str, Any]) -> SpokenSegment | None:
    words = [[w["word"], w["start"], w["end"], w["conf"]] for w in utterance.get("result", [])]
    if not words:
        return None
    return SpokenSegment(words[0][1], words[-1][2], join_words(word for word, *_ in words), words)


def join_words(words: Iterable[str]) -> str:
    """Chinese words without spaces, Latin words with a space between them."""
    return _SPACE_BETWEEN_LETTERS.sub("", " ".join(words))
