"""How Chinese characters sound, and which sounds are taken for one another by speakers and recognisers."""

import re
from collections.abc import Sequence

from hotline.language.pinyin import syllables

_HAN = re.compile(r"[\u3400-\u9fff]+")
# Retroflex and flat, back and front nasal: most speakers of Mandarin keep some of these apart, few all.
_FOLDS = ((re.compile(r"^(z|c|s)h"), r"\1"), (re.compile(r"(a|e|i)ng$"), r"\1n"))
_INITIAL = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)$")


def sounds(text: str) -> list[str]:
    """One entry a character: its syllable with tone ("tong2"), or the character itself where it has none."""
    heard = list(text)
    for run in _HAN.finditer(text):
        for place, syllable in enumerate(syllables(run[0]), start=run.start()):
            heard[place] = syllable or text[place]
    return heard


def plain(sound: str) -> str:
    """The syllable without its tone."""
    return sound.rstrip("12345")


def folded(sound: str) -> str:
    """The syllable as those hear it who do not tell zh from z or ing from in."""
    bare = plain(sound)
    for pattern, kept in _FOLDS:
        bare = pattern.sub(kept, bare)
    return bare


def are_near(one: str, other: str) -> bool:
    """Whether two folded syllables share their beginning or their end: now and then taken for one another."""
    first, second = _INITIAL.match(one), _INITIAL.match(other)
    if first is None or second is None:
        return False
    same_end = first[2] == second[2] and first[2] != ""
    same_beginning = first[1] is not None and first[1] == second[1]
    return same_end or same_beginning


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two readings of the same length are: 1 for the same, down to 0."""
    total = 0.0
    for a, b in zip(one, other, strict=True):
        if a == b:
            total += 1.0
        elif plain(a) == plain(b):
            total += 0.95
        elif folded(a) == folded(b):
            total += 0.9
        elif are_near(folded(a), folded(b)):
            total += 0.5
    return total / len(one)
