"""Synthetic speech with known unit times: what the acoustic model learns from."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray

from hotline.language.pinyin import VOICE
from recordings.training.espeak import Delivery, Espeak, Phoneme
from recordings.training.units import SILENCE, Syllable, parse

# espeak-ng's voice variants. "" is the plain voice, in which the demo's citizen speaks.
TRAINING_VARIANTS = (
    "m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f3",
    "f4", "klatt", "klatt2", "klatt4", "Alex", "Andy", "Alicia", "Gene", "Hugo",
    "Jacky", "Lee", "Michael", "Mike", "steph", "linda", "max", "paul", "pablo",
    "travis", "victor", "zac", "adam", "boris", "marcelo", "sandro", "antonio", "belinda",
)  # fmt: skip
HELD_OUT_VARIANTS = (
    "f5", "m6", "m8", "Annie", "edward2", "Mario", "Denis", "klatt3", "Steph3", "robert",
)  # fmt: skip
PLAIN_VARIANT = ""

_PAUSES = frozenset({"_:", "_", "_!"})
_CLOSURE = "_|"


@dataclass(frozen=True)
class TimedUnit:
    """A unit of `recordings.training.units` from `start` to `end`, in seconds."""

    unit: str
    start: float
    end: float


@dataclass(frozen=True)
class Spoken:
    """samples at `rate` Hz, and the units in order without gaps."""

    samples: NDArray[np.int16]
    rate: int
    units: list[TimedUnit]


class MisalignedSpeechError(Exception):
    """espeak-ng did not speak the syllables one by one as they were written."""


def voice_name(variant: str) -> str:
    """The espeak-ng voice of a variant: "f2" -> "cmn-latn-pinyin+f2"."""
    return f"{VOICE}+{variant}" if variant else VOICE


def varied_delivery(rng: Random, variant: str) -> Delivery:
    """The variant at a speed and pitch of its own."""
    return Delivery(voice_name(variant), rng.randint(130, 240), rng.randint(20, 80), rng.randint(25, 80))


def speak(espeak: Espeak, pinyin: str, delivery: Delivery) -> Spoken:
    """Say tone-numbered pinyin (with `,` and `.` as pauses).

    Raises MisalignedSpeechError or ValueError when the syllables cannot be found again in the speech.
    """
    expected = {}
    position = 1
    for token in pinyin.split(" "):
        if token not in (",", "."):
            expected[position] = parse(token)
        position += len(token) + 1
    samples, phonemes = espeak.say(pinyin, delivery)
    spans = _unit_spans(phonemes, expected, len(samples))
    units = [unit for span in spans for unit in _halve(span, expected, espeak.rate)]
    return Spoken(samples, espeak.rate, units)


@dataclass
class _Span:
    """A silence (no position), an initial or a whole final, in samples."""

    position: int | None
    part: str
    start: int
    end: int


def _unit_spans(phonemes: list[Phoneme], expected: dict[int, Syllable], length: int) -> list[_Span]:
    spans: list[_Span] = []
    closure_from: int | None = None
    ends = [phoneme.sample for phoneme in phonemes[1:]] + [length]
    for phoneme, end in zip(phonemes, ends, strict=True):
        if phoneme.name == _CLOSURE:
            closure_from = phoneme.sample
            continue
        start = phoneme.sample if closure_from is None else closure_from
        closure_from = None
        _extend(spans, phoneme, start, end, expected)
    spoken = list(dict.fromkeys(span.position for span in spans if span.position is not None))
    parts = [span.part for span in spans if span.position is not None]
    if spoken != list(expected) or parts != [part for s in expected.values() for part in _parts(s)]:
        raise MisalignedSpeechError
    return spans


def _parts(syllable: Syllable) -> list[str]:
    return [syllable.initial, syllable.final] if syllable.initial else [syllable.final]


def _extend(
    spans: list[_Span], phoneme: Phoneme, start: int, end: int, expected: dict[int, Syllable]
) -> None:
    last = spans[-1] if spans else None
    if phoneme.name in _PAUSES:
        spans.append(_Span(None, SILENCE, phoneme.sample, end))
        if last and start < phoneme.sample:
            last.end = phoneme.sample  # a closure before a pause belongs to what was said
        return
    position = phoneme.text_position
    if position not in expected:
        raise MisalignedSpeechError
    syllable = expected[position]
    begins = last is None or last.position != position
    if not begins and last and last.part == syllable.final:
        last.end = end
        return
    spans.append(
        _Span(position, syllable.initial if begins and syllable.initial else syllable.final, start, end)
    )


def _halve(span: _Span, expected: dict[int, Syllable], rate: int) -> list[TimedUnit]:
    if span.position is None or span.part == expected[span.position].initial:
        return [TimedUnit(span.part, span.start / rate, span.end / rate)]
    middle = (span.start + span.end) / 2
    names = expected[span.position].units[-2:]
    times = pairwise(moment / rate for moment in (span.start, middle, span.end))
    return [TimedUnit(name, start, end) for name, (start, end) in zip(names, times, strict=True)]
