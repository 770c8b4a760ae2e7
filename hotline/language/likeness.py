"""How alike two Chinese texts are, by the pairs of characters that they share."""

import math
from collections import Counter
from operator import add


def pairs(text: str) -> Counter[str]:
    """How often each pair of neighbouring characters occurs."""
    return Counter(map(add, text, text[1:]))


def cosine(one: Counter[str], other: Counter[str]) -> float:
    """From 0, nothing in common, to 1, the same pairs equally often. 0 if one has no pairs."""
    common = sum(one[pair] * other[pair] for pair in one.keys() & other.keys())
    lengths = math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return common / lengths if lengths else 0.0
