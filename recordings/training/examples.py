"""The training set: utterances as cepstra with the unit spoken at every third frame."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from hotline.language.pinyin import speakable
from recordings.training import sentences, telephone
from recordings.training.espeak import Espeak
from recordings.training.features import FRAME_SECONDS, FRAMES_PER_OUTPUT, SECONDS_PER_FRAME, cepstra
from recordings.training.lexicon import all_units, common_syllables
from recordings.training.speech import (
    PLAIN_VARIANT,
    TRAINING_VARIANTS,
    MisalignedSpeechError,
    Spoken,
    speak,
    varied_delivery,
)
from recordings.training.telephone import RATE, Signal

logger = logging.getLogger(__name__)

SEED = 8
_PLAIN_VOICE_SHARE = 0.12
_PAUSE_SHARE = 0.06
_MOST_BABBLERS = 150
# What is said: a share of all utterances for each kind.
_SHARES = {"complaint": 0.22, "review": 0.22, "words": 0.2, "syllables": 0.26, "digits": 0.05, "noise": 0.05}
_BABBLE_SHARE = 0.4
_OTHER_NOISE_SHARE = 0.45
_MOST_VOICES = 8
# Two voices nearly as loud as the speaker are a conversation: nobody could tell which of them to write down.
_FEW_VOICES = 2
_DIGITS = "幺零一二三四五六七八九"


@dataclass
class Examples:
    """Utterances: features (frames x cepstra) and targets (one unit number for every third frame)."""

    features: list[NDArray[np.float16]] = field(default_factory=list)
    targets: list[NDArray[np.int16]] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write everything into one .npz file."""
        np.savez(
            path,
            features=np.concatenate(self.features),
            frames=np.array([len(f) for f in self.features]),
            targets=np.concatenate(self.targets),
            outputs=np.array([len(t) for t in self.targets]),
        )

    @classmethod
    def load(cls, path: Path) -> "Examples":
        """Read what `save` wrote."""
        with np.load(path) as stored:
            features = np.split(stored["features"], np.cumsum(stored["frames"])[:-1])
            targets = np.split(stored["targets"], np.cumsum(stored["outputs"])[:-1])
        return cls(features, targets)


def make_examples(count: int) -> Examples:
    """Speak, disturb and label `count` utterances (about 30 a second on one core)."""
    studio = _Studio()
    examples = Examples()
    for number, (kind, text) in enumerate(_programme(count), start=1):
        example = studio.noise() if kind == "noise" else studio.utterance(kind, text)
        if example is not None:
            examples.features.append(example[0].astype(np.float16))
            examples.targets.append(example[1])
        if number % 1000 == 0:
            logger.info(
                "%d of %d utterances, %d could not be aligned", number, count, number - len(examples.features)
            )
    return examples


def _programme(count: int) -> list[tuple[str, str]]:
    rng = Random(SEED)
    wanted = {kind: round(count * share) for kind, share in _SHARES.items()}
    reviews = [clause for clause in sentences.training_reviews() if 4 <= len(clause) <= 22]
    programme = [("complaint", text) for text in sentences.complaints(wanted["complaint"], SEED)]
    programme += [("review", text) for text in rng.sample(reviews, wanted["review"])]
    for _ in range(wanted["words"]):
        programme.append(("words", " ".join(sentences.random_words(rng.randint(2, 7), rng))))
    for _ in range(wanted["syllables"]):
        programme.append(("syllables", " ".join(rng.choices(common_syllables(), k=rng.randint(4, 14)))))
    for _ in range(wanted["digits"]):
        programme.append(("digits", "".join(rng.choices(_DIGITS, k=rng.randint(4, 11)))))
    programme += [("noise", "")] * wanted["noise"]
    rng.shuffle(programme)
    return programme


class _Studio:
    """Turns texts into examples; remembers voices for the babble in the background of later ones."""

    def __init__(self) -> None:
        self._espeak = Espeak()
        self._choices = Random(SEED + 1)
        self._noise = np.random.default_rng(SEED + 2)
        self._unit_numbers = {unit: number for number, unit in enumerate(all_units())}
        self._babblers: list[Signal] = []

    def utterance(self, kind: str, text: str) -> tuple[NDArray[np.float32], NDArray[np.int16]] | None:
        """Features and targets, None when espeak-ng did not say it syllable by syllable."""
        rng = self._choices
        variant = PLAIN_VARIANT if rng.random() < _PLAIN_VOICE_SHARE else rng.choice(TRAINING_VARIANTS)
        pinyin = text if kind == "syllables" else speakable(self._with_pauses(text))
        try:
            spoken = speak(self._espeak, pinyin, varied_delivery(rng, variant))
        except (MisalignedSpeechError, ValueError):
            return None
        speed = rng.uniform(0.9, 1.12)
        before = rng.choice((rng.uniform(0.05, 0.5), rng.uniform(0.3, 1.2)))
        after = rng.choice((rng.uniform(0.1, 0.6), rng.uniform(0.3, 1.2)))
        signal = telephone.to_telephone_rate(spoken.samples, spoken.rate * speed)
        signal = np.concatenate([np.zeros(int(before * RATE)), signal, np.zeros(int(after * RATE))])
        if len(self._babblers) < _MOST_BABBLERS:
            self._babblers.append(signal)
        features = cepstra(self._disturb(signal))
        return features, self._targets(spoken, speed, before, len(features))

    def noise(self) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
        """A noise with nobody speaking: everything in it is silence."""
        count = int(RATE * self._noise.uniform(1, 4))
        if self._noise.random() < _BABBLE_SHARE:
            signal = telephone.with_peak(self._talk(count, 1), 10 ** self._noise.uniform(0.5, 3.0))
        else:
            signal = telephone.with_peak(self._some_noise(count), 10 ** self._noise.uniform(0.5, 3.6))
        features = cepstra(telephone.through_g711(signal, self._choices.choice(("mu", "a"))))
        return features, np.zeros(-(-len(features) // FRAMES_PER_OUTPUT), np.int16)

    def _with_pauses(self, text: str) -> str:
        words = [word for phrase in text.split() for word in sentences.words_of(phrase)]
        paused = (word + ("，" if self._choices.random() < _PAUSE_SHARE else "") for word in words)
        return "".join(paused)

    def _disturb(self, signal: Signal) -> Signal:
        rng = self._noise
        signal = telephone.with_peak(signal, telephone.PEAK)
        if rng.random() < 0.7:
            signal = telephone.band_limited(signal, rng.uniform(100, 330), rng.uniform(3200, 3800))
        if rng.random() < 0.3:
            signal = telephone.tilted(signal, rng.uniform(-8, 8))
        signal = self._with_company(signal)
        signal = telephone.with_peak(signal, telephone.PEAK * 10 ** (-rng.uniform(0, 26) / 20))
        if rng.random() < 0.06:
            signal = np.clip(signal * 3, -12_000, 12_000)
        law = rng.choice(("mu", "a", "none"), p=(0.4, 0.35, 0.25))
        return np.round(signal) if law == "none" else telephone.through_g711(signal, str(law))

    def _with_company(self, signal: Signal) -> Signal:
        """With other people's talk, or another noise, or in silence.

        The talk goes on where the speaker pauses, and is silence there: what is much softer than the speaker
        is not for the transcript.
        """
        rng = self._noise
        drawn = rng.random()
        if drawn < _BABBLE_SHARE:
            fewest, decibels = (1, rng.uniform(10, 25)) if rng.random() < 0.3 else (3, rng.uniform(5, 25))
            return telephone.with_noise(signal, self._talk(len(signal), fewest), decibels)
        if drawn < _BABBLE_SHARE + _OTHER_NOISE_SHARE:
            return telephone.with_noise(signal, self._some_noise(len(signal)), rng.uniform(8, 36))
        return signal

    def _some_noise(self, count: int) -> Signal:
        return telephone.NOISES[str(self._noise.choice([*telephone.NOISES]))](count, self._noise)

    def _talk(self, count: int, fewest: int) -> Signal:
        if not self._babblers:
            return telephone.NOISES["pink"](count, self._noise)
        most = _FEW_VOICES if fewest < _FEW_VOICES else _MOST_VOICES
        return telephone.babble(self._babblers, count, self._noise, fewest, most)

    def _targets(self, spoken: Spoken, speed: float, before: float, frames: int) -> NDArray[np.int16]:
        outputs = -(-frames // FRAMES_PER_OUTPUT)
        targets = np.zeros(outputs, np.int16)
        middles = np.arange(outputs) * FRAMES_PER_OUTPUT * SECONDS_PER_FRAME + FRAME_SECONDS / 2 - before
        for timed in spoken.units:
            within = (middles >= timed.start / speed) & (middles < timed.end / speed)
            targets[within] = self._unit_numbers[timed.unit]
        return targets


def batches(
    order: NDArray[np.int64], lengths: NDArray[np.int64], size: int, rng: Random
) -> Iterator[list[int]]:
    """Utterance numbers in batches of similar length, the batches in random order."""
    jitter = np.array([rng.uniform(0, 15) for _ in order])
    by_length = order[np.argsort(lengths[order] + jitter, kind="stable")]
    chunks = [by_length[start : start + size].tolist() for start in range(0, len(by_length), size)]
    rng.shuffle(chunks)
    yield from chunks
