"""Character error rates of a Vosk model on synthetic speech, through the recogniser that the hotline uses."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline.language.pinyin import speakable
from recordings.accuracy import character_errors, spoken_characters
from recordings.recogniser import Recogniser
from recordings.training import judged, telephone
from recordings.training.espeak import Delivery, Espeak
from recordings.training.speech import HELD_OUT_VARIANTS, PLAIN_VARIANT, voice_name
from recordings.training.telephone import RATE, Signal

logger = logging.getLogger(__name__)

SEED = 4321
_NOISE_DECIBELS = 15
_NOISES = ("pink", "street", "white", "brown")
VOICES = {"plain voice": (PLAIN_VARIANT,), "held-out voices": HELD_OUT_VARIANTS}
CLEAN, TELEPHONE, NOISE, BABBLE = "clean", "G.711", "G.711 + 15 dB noise", "G.711 + 15 dB babble"
CONDITIONS = (CLEAN, TELEPHONE, NOISE, BABBLE)
TRIALS_A_SENTENCE = len(VOICES) * len(CONDITIONS)
_BABBLERS = 8


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


Scores = dict[tuple[str, str], Score]


def evaluate(
    recogniser: Recogniser, sentences: list[str], done_one: Callable[[], object] = lambda: None
) -> Scores:
    """Scores by voices (VOICES) and condition (CONDITIONS). Misheard sentences are logged at DEBUG.

    done_one: called after each of the `len(sentences) * TRIALS_A_SENTENCE` trials.
    """
    scores: Scores = defaultdict(Score)
    for trial in trials(sentences):
        said = spoken_characters(trial.sentence)
        heard = "".join(segment.text for segment in recogniser.transcribe(trial.samples, RATE))
        errors = character_errors(said, spoken_characters(heard))
        score = scores[trial.voices, trial.condition]
        score.errors += errors
        score.characters += len(said)
        done_one()
        if errors:
            logger.debug("%s, %s: %s -> %s", trial.voices, trial.condition, trial.sentence, heard)
    return dict(scores)


def trials(sentences: list[str]) -> Iterator[Trial]:
    """Every sentence in every group of voices and every condition, always the same."""
    espeak = Espeak()
    babblers = _babblers(espeak)
    for group, variants in VOICES.items():
        rng, noise = Random(SEED), np.random.default_rng(SEED)
        for number, sentence in enumerate(sentences):
            rate, pitch = rng.randint(145, 205), rng.randint(35, 65)
            delivery = Delivery(voice_name(variants[number % len(variants)]), rate, pitch)
            if group == "plain voice":
                delivery = Delivery(voice_name(PLAIN_VARIANT))
            samples, _ = espeak.say(speakable(sentence), delivery)
            spoken = telephone.to_telephone_rate(samples, espeak.rate)
            signal = with_silence_around(spoken)
            law = ("mu", "a")[number % 2]
            kind = _NOISES[number % len(_NOISES)]
            for condition in CONDITIONS:
                around = _around(condition, kind, babblers, len(signal), noise)
                yield Trial(group, condition, sentence, _heard(signal, around, law))


def with_silence_around(spoken: Signal) -> Signal:
    """Half a second of nothing before and after."""
    return np.concatenate([np.zeros(RATE // 2), spoken, np.zeros(RATE // 2)])


def over_a_quiet_line(spoken: Signal) -> NDArray[np.int16]:
    """What arrives by G.711."""
    return _heard(with_silence_around(spoken), np.zeros(0), "a")


def _around(
    condition: str, kind: str, babblers: list[Signal], count: int, rng: np.random.Generator
) -> Signal | None:
    """What is heard beside the voice; an empty signal for a silent line, None where there is no line."""
    if condition == BABBLE:
        return telephone.babble(babblers, count, rng)
    if condition == NOISE:
        return telephone.NOISES[kind](count, rng)
    return np.zeros(0) if condition == TELEPHONE else None


def _babblers(espeak: Espeak) -> list[Signal]:
    """Other people's talk, in voices that training never hears either."""
    talk = []
    for sentence, variant in zip(judged.trial()[:_BABBLERS], HELD_OUT_VARIANTS, strict=False):
        samples, _ = espeak.say(speakable(sentence), Delivery(voice_name(variant)))
        talk.append(telephone.with_peak(telephone.to_telephone_rate(samples, espeak.rate), 16_000))
    return talk


def _heard(signal: Signal, around: Signal | None, law: str) -> NDArray[np.int16]:
    if around is None:
        return _samples(telephone.with_peak(signal, 16_000))
    line = telephone.band_limited(signal, 300, 3400)
    if len(around):
        line = telephone.with_noise(line, around, _NOISE_DECIBELS)
    return _samples(telephone.through_g711(telephone.with_peak(line, 16_000), law))


def _samples(signal: Signal) -> NDArray[np.int16]:
    return np.clip(np.round(signal), -32768, 32767).astype(np.int16)


def report(scores: Scores) -> str:
    """The scores as a table in Markdown."""
    lines = [f"| character error rate | {' | '.join(CONDITIONS)} |", "|---" * (len(CONDITIONS) + 1) + "|"]
    for voices in VOICES:
        rates = (f"{100 * scores[voices, condition].rate:.1f} %" for condition in CONDITIONS)
        lines.append(f"| {voices} | {' | '.join(rates)} |")
    return "\n".join(lines)
