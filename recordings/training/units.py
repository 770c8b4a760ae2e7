"""Pinyin syllables as the units that the acoustic model tells apart.

A syllable is an initial (or none), the first half of its final, and the second half with its tone: "xiao3" is
x, iao-, iao3. Two halves keep a syllable said twice apart (二二); the tone sits on one half only, which is
enough for it to be heard and keeps every unit frequent.
"""

import re
from typing import NamedTuple

SILENCE = "SIL"
INITIALS = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h",
    "j", "q", "x", "r", "z", "c", "s",
)  # fmt: skip

_SYLLABLE = re.compile(r"[a-z]+[1-5]")
_ABBREVIATED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "ve", "io": "o", "ueng": "ong", "ng": "eng"}
# A final without initial is written with y or w.
_WITHOUT_INITIAL = (("yu", "v"), ("yi", "i"), ("y", "i"), ("wu", "u"), ("w", "u"))


class Syllable(NamedTuple):
    """initial: one of INITIALS or ""; final: without tone, in full ("iou"); tone: 1-5, 5 is neutral."""

    initial: str
    final: str
    tone: int

    @property
    def units(self) -> tuple[str, ...]:
        """The units in the order in which they are spoken."""
        halves = (f"{self.final}-", f"{self.final}{self.tone}")
        return (self.initial, *halves) if self.initial else halves


def parse(pinyin: str) -> Syllable:
    """Take a syllable such as "xiao3" apart. Raises ValueError when it is not tone-numbered pinyin."""
    if not _SYLLABLE.fullmatch(pinyin):
        raise ValueError(f"not a tone-numbered syllable: {pinyin!r}")
    letters, tone = pinyin[:-1], int(pinyin[-1])
    initial = next((i for i in INITIALS if letters.startswith(i)), "")
    final = _final(initial, letters.removeprefix(initial))
    if not final:
        raise ValueError(f"a syllable without final: {pinyin!r}")
    return Syllable(initial, _ABBREVIATED.get(final, final), tone)


def _final(initial: str, letters: str) -> str:
    if not initial:
        for spelling, sound in _WITHOUT_INITIAL:
            if letters.startswith(spelling):
                return sound + letters.removeprefix(spelling)
        return letters
    if initial in ("j", "q", "x") and letters.startswith("u"):
        return "v" + letters[1:]
    if letters == "i" and initial in ("zh", "ch", "sh", "r"):
        return "ih"
    if letters == "i" and initial in ("z", "c", "s"):
        return "iz"
    return letters


def units_of(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """The units of a whole word."""
    return tuple(unit for syllable in syllables for unit in parse(syllable).units)
