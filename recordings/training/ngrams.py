"""A word trigram model with back-off: what people say after what."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recordings.training.fst import Arc, State

START, END = "<s>", "</s>"
ORDER = 3
_DISCOUNT = 0.95

History = tuple[str, ...]
Counts = list[dict[History, Counter[str]]]


def count(sentences: Iterable[list[str]], weight: float, counts: Counts) -> None:
    """Add every word after every history of up to two words, `weight` times."""
    for words in sentences:
        padded = [START, *words, END]
        for place in range(1, len(padded)):
            for length in range(min(place + 1, ORDER)):
                counts[length][tuple(padded[place - length : place])][padded[place]] += weight  # type: ignore[assignment]


def no_counts() -> Counts:
    """Counts for histories of no, one and two words."""
    return [defaultdict(Counter) for _ in range(ORDER)]


@dataclass
class Ngrams:
    """Probabilities of words after histories; `back_off[history]` weighs the shorter history's."""

    probabilities: dict[History, dict[str, float]]
    back_off: dict[History, float]

    def probability(self, word: str, history: History) -> float:
        """Of the word after the history; the word must be in the vocabulary."""
        weight = 1.0
        while word not in self.probabilities.get(history, {}):
            weight *= self.back_off.get(history, 1.0)
            history = history[1:]
        return weight * self.probabilities[history][word]


def estimate(
    counts: Counts, backbone: Mapping[str, float], share: float, least: tuple[float, float]
) -> Ngrams:
    """Absolute discounting over the counts.

    backbone: frequencies of all words of the vocabulary, mixed into the single words' with weight `share`.
    least: pairs and triples of words are forgotten where knowing them gains less than this over backing off
    (in nats, over everything counted).
    """
    model = Ngrams({(): _single_words(counts[0][()], backbone, share)}, {})
    vocabulary = model.probabilities[()]
    for length in (1, 2):
        for history, following in counts[length].items():
            if any(word not in vocabulary and word != START for word in history):
                continue
            if length == 1 or history[1:] in model.probabilities:
                _add_history(model, history, following, least[length - 1])
    return model


def _single_words(counted: Counter[str], backbone: Mapping[str, float], share: float) -> dict[str, float]:
    total_counted = sum(n for word, n in counted.items() if word in backbone or word == END)
    total_backbone = sum(backbone.values())
    ending = counted[END] / total_counted
    words = {
        word: (1 - share) * counted[word] / total_counted + share * (1 - ending) * frequency / total_backbone
        for word, frequency in backbone.items()
    }
    return words | {END: ending}


def _add_history(model: Ngrams, history: History, following: Mapping[str, float], least: float) -> None:
    vocabulary = model.probabilities[()]
    total = sum(following.values())
    found: dict[str, float] = {}
    reached = 0.0
    for word, n in following.items():
        if word not in vocabulary:
            continue
        # A discount larger than the count would make a probability negative.
        probability = n * max(1 - _DISCOUNT / n, 1 - _DISCOUNT) / total
        otherwise = model.probability(word, history[1:])
        if n * math.log(probability / otherwise) >= least:
            found[word] = probability
            reached += otherwise
    if found:
        model.probabilities[history] = found
        model.back_off[history] = max(1 - sum(found.values()), 1e-6) / max(1 - reached, 1e-6)


def acceptor(model: Ngrams, word_numbers: Mapping[str, int]) -> tuple[list[State], int]:
    """The model as states (one a history), with arcs for words and empty arcs for backing off; the start."""
    histories = list(model.probabilities)
    numbers = {history: number for number, history in enumerate(histories)}
    states = [State() for _ in histories]
    for history, state in zip(histories, states, strict=True):
        for word, probability in model.probabilities[history].items():
            cost = -math.log(probability)
            if word == END:
                state.final = cost
                continue
            target = _longest_known((*history, word), numbers)
            state.arcs.append(Arc(word_numbers[word], word_numbers[word], cost, target))
        if history:
            cost = -math.log(model.back_off[history])
            state.arcs.append(Arc(0, 0, cost, _longest_known(history[1:], numbers)))
    return states, numbers[START,]


def _longest_known(history: History, numbers: Mapping[History, int]) -> int:
    history = history[-(ORDER - 1) :]
    while history not in numbers:
        history = history[1:]
    return numbers[history]
