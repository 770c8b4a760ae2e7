"""Which model writes a call down: one for every language that has its own, and one for the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hotline.config import Settings
from hotline.transcripts.service import SpokenSegment
from recordings.recogniser import GpuRecogniser, Recogniser
from recordings.sound_files import Samples


class Hears(Protocol):
    """A loaded model. `name` and `sha256` say which."""

    name: str

    @property
    def sha256(self) -> str:
        """Of the model's files."""
        ...

    def transcribe_blocks(self, blocks: Iterable[Samples], rate: int) -> list[SpokenSegment]:
        """What is said in mono audio at `rate` Hz, as utterances with times from its start."""
        ...


@dataclass(frozen=True)
class Models:
    """`usual`, and those of single languages or dialects by the call plan's names for them."""

    usual: Hears
    by_language: Mapping[str, Hears] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> "Models":
        """Load what the settings name. Raises `NotAVoskModel`, `NoGpu`."""
        load = GpuRecogniser if settings.vosk_device == "gpu" else Recogniser
        others = {language: load(folder) for language, folder in settings.vosk_models.items()}
        return cls(load(settings.vosk_model), others)

    def for_call(self, languages: Sequence[str]) -> Hears:
        """The model of a call held in one of these languages, the most exact first."""
        return next((self.by_language[each] for each in languages if each in self.by_language), self.usual)
