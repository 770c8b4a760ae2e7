"""Character error rates of a Vosk model on synthetic speech, through the recogniser that the hotline uses."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.language.pinyin import speakable
from recordings.accuracy import character_errors, spoken_characters
from recordings.recogniser import Recogniser
from recordings.training import telephone
from recordings.training.espeak import Delivery, Espeak
from recordings.training.speech import HELD_OUT_VARIANTS, PLAIN_VARIANT, voice_name
from recordings.training.telephone import RATE, Signal

logger = logging.getLogger(__name__)

SEED = 4321
_NOISE_DECIBELS = 15
_NOISES = ("pink", "street", "white", "brown")
VOICES = {"plain voice": (PLAIN_VARIANT,), "held-out voices": HELD_OUT_VARIANTS}
CONDITIONS = ("clean", "G.711", "G.711 + 15 dB noise")


class Trial(NamedTuple):
    """One sentence as heard in one condition."""

    voices: str
    condition: str
    sentence: str
    samples: NDArray[np.int16]


@dataclass
class Score:
    """Character errors out of the characters that were said."""

    errors: int = 0
    characters: int = 0

    @property
    def rate(self) -> float:
        """The character error rate."""
        return self.errors / self.characters


def evaluate(recogniser: Recogniser, sentences: list[str]) -> dict[tuple[str, str], Score]:
    """Scores by voices (VOICES) and condition (CONDITIONS). Misheard sentences are logged at DEBUG."""
    scores: dict[tuple[str, str], Score] = defaultdict(Score)
    for trial in trials(sentences):
        said = spoken_characters(trial.sentence)
        heard = "".join(segment.text for segment in recogniser.transcribe(trial.samples, RATE))
        errors = character_errors(said, spoken_characters(heard))
        score = scores[trial.voices, trial.condition]
        score.errors += errors
        score.characters += len(said)
        if errors:
            logger.debug("%s, %s: %s -> %s", trial.voices, trial.condition, trial.sentence, heard)
    return dict(scores)


def trials(sentences: list[str]) -> Iterator[Trial]:
    """Every sentence in every group of voices and every condition, always the same."""
    espeak = Espeak()
    for group, variants in VOICES.items():
        rng, noise = Random(SEED), np.random.default_rng(SEED)
        for number, sentence in enumerate(sentences):
            rate, pitch = rng.randint(145, 205), rng.randint(35, 65)
            delivery = Delivery(voice_name(variants[number % len(variants)]), rate, pitch)
            if group == "plain voice":
                delivery = Delivery(voice_name(PLAIN_VARIANT))
            samples, _ = espeak.say(speakable(sentence), delivery)
            spoken = telephone.to_telephone_rate(samples, espeak.rate)
            signal = np.concatenate([np.zeros(RATE // 2), spoken, np.zeros(RATE // 2)])
            law = ("mu", "a")[number % 2]
            for condition in CONDITIONS:
                heard = _heard(signal, condition, law, _NOISES[number % len(_NOISES)], noise)
                yield Trial(
                    group, condition, sentence, np.clip(np.round(heard), -32768, 32767).astype(np.int16)
                )


def _heard(signal: Signal, condition: str, law: str, kind: str, rng: np.random.Generator) -> Signal:
    if condition == "clean":
        return telephone.with_peak(signal, 16_000)
    line = telephone.band_limited(signal, 300, 3400)
    if condition != "G.711":
        line = telephone.with_noise(line, telephone.NOISES[kind](len(line), rng), _NOISE_DECIBELS)
    return telephone.through_g711(telephone.with_peak(line, 16_000), law)


def report(scores: dict[tuple[str, str], Score]) -> str:
    """The scores as a table in Markdown."""
    lines = [f"| character error rate | {' | '.join(CONDITIONS)} |", "|---" * (len(CONDITIONS) + 1) + "|"]
    for voices in VOICES:
        rates = (f"{100 * scores[voices, condition].rate:.1f} %" for condition in CONDITIONS)
        lines.append(f"| {voices} | {' | '.join(rates)} |")
    return "\n".join(lines)
