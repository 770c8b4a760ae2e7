"""What a model makes of our own set: complaints that nobody prepared, and digits, by voice and line."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from hotline.language.pinyin import speakable
from recordings.accuracy import spoken_characters
from recordings.recogniser import Recogniser
from recordings.training import judged, telephone
from recordings.training.espeak import Delivery, Espeak
from recordings.training.evaluation import (
    CONDITIONS,
    TRIALS_A_SENTENCE,
    VOICES,
    Score,
    evaluate,
    over_a_quiet_line,
)
from recordings.training.speech import PLAIN_VARIANT, voice_name

COMPLAINTS, DIGITS = "unprepared complaints", "digit strings"
_FRAMES = ("请问{}在什么地方", "我要反映{}的问题", "我住在{}附近")


@dataclass(frozen=True)
class Figure:
    """Character errors out of the characters said: of what, in whose voices, over which line."""

    said: str
    voices: str
    condition: str
    errors: int
    characters: int

    @property
    def rate(self) -> float:
        """The character error rate."""
        return self.errors / self.characters


class MeasurementImpossible(Exception):
    """There is nothing to speak with; the text says how to mend it."""


def espeak() -> Espeak:
    """The synthetic voice. Raises `MeasurementImpossible` where its library is missing."""
    try:
        return Espeak()
    except OSError:
        raise MeasurementImpossible(
            "measuring needs synthetic voices, and espeak-ng's library is not installed: "
            "apt-get install espeak-ng"
        ) from None


def sentences(every: int = 1) -> dict[str, list[str]]:
    """What is said, by kind; `every` n-th sentence only."""
    return {COMPLAINTS: judged.unprepared()[::every], DIGITS: judged.digit_strings()[::every]}


def trials(every: int = 1) -> int:
    """How many times `measure` will call `done_one`."""
    return TRIALS_A_SENTENCE * sum(map(len, sentences(every).values()))


def measure(
    recogniser: Recogniser, every: int = 1, done_one: Callable[[], object] = lambda: None
) -> list[Figure]:
    """All figures of a model. Raises `MeasurementImpossible`."""
    espeak()
    figures = []
    for said, spoken in sentences(every).items():
        scores = evaluate(recogniser, spoken, done_one)
        figures += [_figure(said, voices, condition, score) for (voices, condition), score in scores.items()]
    return figures


def _figure(said: str, voices: str, condition: str, score: Score) -> Figure:
    return Figure(said, voices, condition, score.errors, score.characters)


def table(figures: list[Figure]) -> str:
    """The figures as a table in Markdown."""
    rates = {(f.said, f.voices, f.condition): f"{100 * f.rate:.1f} %" for f in figures}
    rows = [f"| character error rate | {' | '.join(CONDITIONS)} |", "|---" * (len(CONDITIONS) + 1) + "|"]
    for said in (COMPLAINTS, DIGITS):
        for voices in VOICES:
            cells = (rates[said, voices, condition] for condition in CONDITIONS)
            rows.append(f"| {said}, {voices} | {' | '.join(cells)} |")
    return "\n".join(rows)


def as_json(recogniser: Recogniser, figures: list[Figure]) -> dict[str, Any]:
    """What a program reads."""
    model = {"name": recogniser.name, "sha256": recogniser.sha256, "rate": recogniser.rate}
    return {"model": model, "figures": [asdict(figure) | {"rate": figure.rate} for figure in figures]}


def names_heard(recogniser: Recogniser, names: list[str], most: int = 20) -> tuple[int, int]:
    """How many of the names (at most so many) are heard right over a telephone line, and of how many."""
    voice = espeak()
    chosen = names[:: max(1, len(names) // most)][:most]
    heard = 0
    for number, name in enumerate(chosen):
        sentence = _FRAMES[number % len(_FRAMES)].format(name)
        samples, _ = voice.say(speakable(sentence), Delivery(voice_name(PLAIN_VARIANT)))
        spoken = telephone.to_telephone_rate(samples, voice.rate)
        segments = recogniser.transcribe(over_a_quiet_line(spoken), telephone.RATE)
        text = "".join(segment.text for segment in segments)
        heard += spoken_characters(name) in spoken_characters(text)
    return heard, len(chosen)
