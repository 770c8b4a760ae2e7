"""How alike two Chinese texts are, by the pairs of characters that they share."""

import math
from collections import Counter


def pairs(text: str) -> Counter[str]:
    """How often each pair of neighbouring characters occurs."""
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def cosine(one: Counter[str], other: Counter[str]) -> float:
    """From 0, nothing in common, to 1, the same pairs equally often. 0 if one has no pairs."""
    common = sum(count * other[pair] for pair, count in one.items())
    lengths = math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return common / lengths if lengths else 0.0
