"""Learning from past tickets. scikit-learn is imported only here, and only while training."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from hotline.suggestions.classifier import Classifier, Linear
from hotline.suggestions.features import features

TYPE, CATEGORY = "type", "category"
QUESTIONS = (TYPE, CATEGORY)

LEAST_EXAMPLES = 50
LEAST_OF_AN_ANSWER = 5
"""An answer with fewer examples is not learnt; the service directory's words stand in for it."""
MOST_FEATURES = 60_000
HELD_OUT = 0.2
_STRENGTH = 3.0  # inverse regularisation; chosen on the trial set


class TooFewExamples(Exception):
    """There is not enough to learn from; the text says how much there is."""


@dataclass(frozen=True)
class Example:
    """A ticket to learn from: words without anything personal and without places, what it was, and when."""

    text: str
    type: str
    category: str
    at: datetime

    def answer(self, question: str) -> str:
        """What the ticket was."""
        return self.type if question == TYPE else self.category


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """The older tickets to learn from, and the newest fifth to be examined on.

    Raises `TooFewExamples`.
    """
    if len(examples) < LEAST_EXAMPLES:
        raise TooFewExamples(
            f"{len(examples)} registered tickets with type and category; {LEAST_EXAMPLES} are needed"
        )
    in_time = sorted(examples, key=lambda example: example.at)
    cut = len(in_time) - max(1, round(len(in_time) * HELD_OUT))
    return in_time[:cut], in_time[cut:]


def fit(examples: Sequence[Example]) -> Classifier:
    """A classifier of these examples. Raises `TooFewExamples` where they have but one answer."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.feature_selection import SelectKBest, chi2

    counted = [features(example.text) for example in examples]
    vectorizer = DictVectorizer(dtype=np.float32)
    counts = vectorizer.fit_transform(counted)
    names = vectorizer.get_feature_names_out()
    if len(names) > MOST_FEATURES:
        best = SelectKBest(chi2, k=MOST_FEATURES).fit(counts, [e.category for e in examples]).get_support()
        counts, names = counts[:, best], names[best]
    transformer = TfidfTransformer(sublinear_tf=True).fit(counts)
    vectors = transformer.transform(counts)
    questions = {name: _linear(vectors, [e.answer(name) for e in examples]) for name in QUESTIONS}
    return Classifier(
        vocabulary={str(name): place for place, name in enumerate(names)},
        rarity=transformer.idf_.astype(np.float32),
        questions=questions,
        trained_until=max(example.at for example in examples),
        examples=len(examples),
    )


def _linear(vectors: Any, answers: Sequence[str]) -> Linear:
    from sklearn.linear_model import LogisticRegression

    often = {answer for answer, count in Counter(answers).items() if count >= LEAST_OF_AN_ANSWER}
    if len(often) < 2:
        raise TooFewExamples("all tickets are of one kind: there is nothing to tell apart")
    chosen = [place for place, answer in enumerate(answers) if answer in often]
    model = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight="balanced")
    model.fit(vectors[chosen], [answers[place] for place in chosen])
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one row of weights for two answers: those of the second
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.concatenate([-bias / 2, bias / 2])
    return Linear(tuple(map(str, model.classes_)), weights.astype(np.float32), bias.astype(np.float32))


@dataclass(frozen=True)
class Examination:
    """How a classifier did on examples: for each question what was right and what was said instead."""

    answers: dict[str, list[tuple[str, str]]]  # (right, said) for each example

    def accuracy(self, question: str) -> float:
        """The share of right answers."""
        pairs = self.answers[question]
        return sum(right == said for right, said in pairs) / len(pairs)

    @property
    def overall(self) -> float:
        """The mean of the questions' accuracies."""
        return sum(self.accuracy(question) for question in self.answers) / len(self.answers)


def examine(classifier: Classifier, examples: Sequence[Example]) -> Examination:
    """Let the classifier answer. "" stands for no answer."""
    answers: dict[str, list[tuple[str, str]]] = {question: [] for question in QUESTIONS}
    for example in examples:
        for question in QUESTIONS:
            said = classifier.ask(question, example.text)
            answers[question].append((example.answer(question), said[0][0] if said else ""))
    return Examination(answers)


def confusion_table(pairs: Sequence[tuple[str, str]]) -> str:
    """Right answers down, said answers across, as a Markdown table."""
    counted = Counter(pairs)
    names = sorted({name for pair in pairs for name in pair})
    lines = [
        f"| right \\ said | {' | '.join(name or '-' for name in names)} |",
        "|---" * (len(names) + 1) + "|",
    ]
    for right in names:
        cells = (str(counted[right, said] or "") for said in names)
        lines.append(f"| {right or '-'} | {' | '.join(cells)} |")
    return "\n".join(lines)
