"""A text as counted features: characters in a row, and syllables in a row for what was misheard.

Numbers and punctuation are left out, and what is personal must have been masked before.
"""

import re
from collections import Counter
from collections.abc import Iterator

from hotline.language.sounds import folded, sounds

EDITION = "characters-and-syllables-1"
"""Changes whenever a text gives other features: a classifier that was trained on others is of no use."""

_LONGEST = 3
_LEFT_OUT = re.compile(r"[^\u4e00-\u9fff]+|[零〇一二三四五六七八九十百千万亿幺两]+")
_NOTHING = re.compile(r"喂+|您好|你好|嗯+|呃+|啊+|那个|就是说")


def features(text: str) -> Counter[str]:
    """How often each feature occurs. Syllables are told from characters by being in Latin letters."""
    counted: Counter[str] = Counter()
    for run in _runs(text):
        counted.update(_in_a_row(list(run), ""))
        counted.update(_in_a_row([folded(sound) for sound in sounds(run)], " "))
    return counted


def _runs(text: str) -> Iterator[str]:
    return (run for run in _LEFT_OUT.split(_NOTHING.sub(" ", text)) if run)


def _in_a_row(units: list[str], joint: str) -> Iterator[str]:
    for length in range(1, _LONGEST + 1):
        for start in range(len(units) - length + 1):
            yield joint.join(units[start : start + length])
