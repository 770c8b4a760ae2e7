"""Whether a phrase was said, in a text that a recogniser wrote: by sound, and with some errors."""

from collections.abc import Sequence

from hotline.language.numerals import spell_numerals
from hotline.language.sounds import are_near, folded, sounds

TOLERATED = 0.25
"""So many of a phrase's syllables may be wrong, missing or too many."""
_ALIKE = str.maketrans("幺两〇", "一二零")
_NEAR = 0.5


def is_said(phrase: str, text: str) -> bool:
    """Whether the phrase occurs somewhere in the text. An empty phrase never does."""
    wanted, heard = _syllables(phrase), _syllables(text)
    return bool(wanted) and _least_errors(wanted, heard) <= TOLERATED * len(wanted)


def _syllables(text: str) -> list[str]:
    spelt = spell_numerals(text).translate(_ALIKE).lower()
    return [folded(sound) for sound in sounds("".join(filter(str.isalnum, spelt)))]


def _least_errors(wanted: Sequence[str], heard: Sequence[str]) -> float:
    """Edits that turn the best stretch of `heard` into `wanted` (Sellers 1980); near syllables count half."""
    before = [float(length) for length in range(len(wanted) + 1)]
    least = before[-1]
    for syllable in heard:
        row = [0.0]  # a stretch may begin anywhere
        for place, other in enumerate(wanted, start=1):
            row.append(
                min(before[place - 1] + _cost(syllable, other), before[place] + 1.0, row[place - 1] + 1.0)
            )
        least = min(least, row[-1])
        before = row
    return least


def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return _NEAR if are_near(one, other) else 1.0
