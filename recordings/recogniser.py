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
_UNKNOWN = "[unk]"
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
        return self.transcribe_blocks([samples], rate)

    def listening(self, line_rate: int) -> "Listening":
        """A line whose sound, at `line_rate` Hz, will come piece by piece."""
        return Listening(self._model, self.rate, line_rate)

    def transcribe_blocks(self, blocks: Iterable[NDArray[np.int16]], rate: int) -> list[SpokenSegment]:
        """The same of audio that comes in pieces, so that hours of it need not be in memory at once."""
        utterances = self._utterances(_at_rate(blocks, rate, self.rate))
        return [segment for segment in map(_segment, utterances) if segment is not None]

    def hear_among(self, samples: NDArray[np.int16], rate: int, phrases: Iterable[str]) -> str:
        """Which of these phrases are said, in their order; what else is said is left out.

        A model with a fixed graph (HCLG.fst) knows no such limits: it returns whatever it hears.
        """
        grammar = [" ".join(words) for phrase in phrases if (words := self._known_words(phrase))]
        listening = vosk.KaldiRecognizer(
            self._model, float(self.rate), json.dumps([*grammar, _UNKNOWN], ensure_ascii=False)
        )
        utterances = _fed(listening, _at_rate([samples], rate, self.rate), self.rate)
        words = [word for utterance in utterances for word in utterance.get("text", "").split()]
        return join_words(word for word in words if word != _UNKNOWN)

    def _known_words(self, phrase: str) -> list[str]:
        """The phrase as the fewest words that the model knows; none if it cannot be made of them."""
        best: list[list[str] | None] = [[]]
        for end in range(1, len(phrase) + 1):
            ways = [
                [*before, phrase[start:end]]
                for start in range(end)
                if (before := best[start]) is not None
                and self._model.vosk_model_find_word(phrase[start:end]) >= 0
            ]
            best.append(min(ways, key=len, default=None))
        return best[-1] or []

    def _utterances(self, blocks: Iterable[NDArray[np.int16]]) -> Iterator[dict[str, Any]]:
        recognizer = vosk.KaldiRecognizer(self._model, float(self.rate))
        recognizer.SetWords(True)
        return _fed(recognizer, blocks, self.rate)


def _fed(
    recognizer: vosk.KaldiRecognizer, blocks: Iterable[NDArray[np.int16]], rate: int
) -> Iterator[dict[str, Any]]:
    """The utterances that a recogniser hears in these pieces."""
    step = round(rate * _BLOCK_SECONDS)
    for block in blocks:
        for start in range(0, len(block), step):
            if recognizer.AcceptWaveform(block[start : start + step].tobytes()):
                yield json.loads(recognizer.Result())
    yield json.loads(recognizer.FinalResult())


class NoGpu(Exception):
    """Vosk cannot compute on a GPU here."""


class GpuRecogniser:
    """The same on a GPU, by Vosk's BatchModel, for a Vosk that was built with CUDA. One a process.

    The wheel on PyPI is not: it refuses to load the model, and this says so.
    """

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises `NotAVoskModel`, `NoGpu`."""
        self._folder = ModelFolder.check(folder)
        self.name, self.rate = self._folder.name, self._folder.rate
        vosk.SetLogLevel(_SILENT_LOG)
        try:
            vosk.GpuInit()
            self._model = vosk.BatchModel(str(self._folder.path))
        except Exception as error:  # noqa: BLE001 (Vosk raises nothing more specific)
            raise NoGpu(
                f"Vosk cannot use a GPU here ({error}); set HOTLINE_VOSK_DEVICE=cpu, or build Vosk with CUDA"
            ) from None

    @property
    def sha256(self) -> str:
        """Of the model's files."""
        return self._folder.sha256

    def transcribe_blocks(self, blocks: Iterable[NDArray[np.int16]], rate: int) -> list[SpokenSegment]:
        """See `Recogniser.transcribe_blocks`."""
        recognizer = vosk.BatchRecognizer(self._model, float(self.rate))
        for block in _at_rate(blocks, rate, self.rate):
            recognizer.AcceptWaveform(block.tobytes())
        recognizer.FinishStream()
        self._model.Wait()
        utterances: list[dict[str, Any]] = []
        while result := recognizer.Result():
            utterances.append(json.loads(result))
        return [segment for segment in map(_segment, utterances) if segment is not None]


def _at_rate(blocks: Iterable[NDArray[np.int16]], rate: int, wanted: int) -> Iterator[NDArray[np.int16]]:
    """The pieces at another rate, without a seam between them."""
    if rate == wanted:
        yield from blocks
        return
    stream = soxr.ResampleStream(rate, wanted, 1, dtype="int16", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0, np.int16), last=True)


def _segment(utterance: dict[str, Any]) -> SpokenSegment | None:
    words = [[w["word"], w["start"], w["end"], w["conf"]] for w in utterance.get("result", [])]
    if not words:
        return None
    return SpokenSegment(words[0][1], words[-1][2], join_words(word for word, *_ in words), words)


def join_words(words: Iterable[str]) -> str:
    """Chinese words without spaces, Latin words with a space between them."""
    return _SPACE_BETWEEN_LETTERS.sub("", " ".join(words))


class Listening:
    """One line that is listened to piece by piece, as its sound comes. For one thread at a time."""

    def __init__(self, model: vosk.Model, rate: int, line_rate: int) -> None:
        """Made by `Recogniser.listening`."""
        self._recognizer = vosk.KaldiRecognizer(model, float(rate))
        self._recognizer.SetWords(True)
        self._resample = soxr.ResampleStream(line_rate, rate, 1, "int16") if rate != line_rate else None

    def accept(self, samples: NDArray[np.int16]) -> tuple[bool, SpokenSegment | None]:
        """Listen on. Whether an utterance ended with this, and the utterance, if anything was said in it.

        Times are seconds of all the sound that was listened to so far.
        """
        if self._resample is not None:
            samples = self._resample.resample_chunk(samples)
        if not self._recognizer.AcceptWaveform(samples.tobytes()):
            return False, None
        return True, _segment(json.loads(self._recognizer.Result()))

    def partial(self) -> str:
        """What the utterance is understood as so far."""
        return join_words(json.loads(self._recognizer.PartialResult()).get("partial", "").split())

    def finish(self) -> SpokenSegment | None:
        """The rest, as it is understood in the end; what comes next begins anew."""
        if self._resample is not None:
            self._recognizer.AcceptWaveform(
                self._resample.resample_chunk(np.zeros(0, np.int16), last=True).tobytes()
            )
            self._resample.clear()
        return _segment(json.loads(self._recognizer.FinalResult()))
