"""What models are judged by. Nothing may learn from it, and it needs none of what only training needs."""

from importlib.resources import files
from random import Random

_HERE = files("recordings.training")
_SEED = 4321
_DIGITS = "幺零二三四五六七八九"
_DIGIT_STRINGS = 160


def unprepared() -> list[str]:
    """Complaints that were written before anything was learnt; only for the last judgement."""
    return (_HERE / "unprepared.txt").read_text("utf-8").split()


def trial() -> list[str]:
    """Other complaints, to try settings of graph and decoder on."""
    return (_HERE / "trial.txt").read_text("utf-8").split()


def digit_strings() -> list[str]:
    """Numbers as they are dictated, four to eleven digits each, always the same."""
    rng = Random(_SEED)
    return ["".join(rng.choices(_DIGITS, k=rng.randint(4, 11))) for _ in range(_DIGIT_STRINGS)]
