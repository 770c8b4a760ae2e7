"""The trained classifier: numbers, not code. Applying it needs no library for learning.

A file holds arrays and a few plain words, sealed with the installation's own key: one that was made
elsewhere, was changed, or belongs to another edition of the features is refused. Nothing in it is executed.
"""

import hashlib
import hmac
import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from hotline.suggestions.features import EDITION, features

_SEAL = ".seal"


class NotTrusted(Exception):
    """A classifier's file is not used; the text says why."""


@dataclass(frozen=True)
class Linear:
    """One question with its possible answers: weights `(answers, features)`, and a bias an answer."""

    answers: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class Classifier:
    """Answers questions about a text, such as "type" and "category".

    `vocabulary` numbers the features, `rarity` is each one's inverse document frequency. `trained_until` is
    when the newest ticket that it has learnt from was registered.
    """

    vocabulary: Mapping[str, int]
    rarity: NDArray[np.float32]
    questions: Mapping[str, Linear]
    trained_until: datetime
    examples: int
    measured: Mapping[str, float] = field(default_factory=dict)

    def ask(self, question: str, text: str) -> list[tuple[str, float]]:
        """Answers with their probabilities, the most probable first; none for a text of unknown features."""
        places, values = self._vector(features(text))
        if question not in self.questions or not places:
            return []
        linear = self.questions[question]
        scores = linear.weights[:, places] @ np.array(values, np.float32) + linear.bias
        weights = np.exp(scores - scores.max())
        shares = (float(share) for share in weights / weights.sum())
        return sorted(zip(linear.answers, shares, strict=True), key=lambda pair: -pair[1])

    def _vector(self, counted: Counter[str]) -> tuple[list[int], list[float]]:
        """Sublinear term frequency times rarity, of length one: as scikit-learn's TfidfTransformer does."""
        known = [(self.vocabulary[name], count) for name, count in counted.items() if name in self.vocabulary]
        values = [(1 + math.log(count)) * float(self.rarity[place]) for place, count in known]
        length = math.sqrt(sum(value * value for value in values)) or 1.0
        return [place for place, _ in known], [value / length for value in values]


def save(classifier: Classifier, path: Path, key: str) -> None:
    """Write the file, and its seal beside it. A reader never sees half a file."""
    head = {
        "edition": EDITION,
        "trained_until": classifier.trained_until.isoformat(),
        "examples": classifier.examples,
        "measured": dict(classifier.measured),
        "questions": {name: linear.answers for name, linear in classifier.questions.items()},
    }
    arrays = {"head": np.array(json.dumps(head)), "rarity": classifier.rarity}
    arrays["vocabulary"] = np.array("\n".join(classifier.vocabulary))
    for name, linear in classifier.questions.items():
        arrays[f"weights_{name}"], arrays[f"bias_{name}"] = linear.weights, linear.bias
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    content = unfinished.read_bytes()
    path.with_name(path.name + _SEAL).write_text(_seal(content, key), "ascii")
    unfinished.replace(path)


def load(path: Path, key: str) -> Classifier:
    """Read the file. Raises `NotTrusted`, and `FileNotFoundError` where nothing was trained yet."""
    content = path.read_bytes()
    try:
        seal = path.with_name(path.name + _SEAL).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise NotTrusted("the classifier has no seal") from None
    if not hmac.compare_digest(seal, _seal(content, key)):
        raise NotTrusted("the classifier was not made by this installation, or was changed since")
    try:
        return _read(path)
    except (ValueError, KeyError, TypeError, BadZipFile) as error:
        raise NotTrusted(f"the classifier cannot be read ({type(error).__name__})") from None


def _read(path: Path) -> Classifier:
    with np.load(path, allow_pickle=False) as arrays:
        head = json.loads(str(arrays["head"]))
        if head["edition"] != EDITION:
            raise NotTrusted("the classifier knows other features than this version of the hotline")
        vocabulary = {name: place for place, name in enumerate(str(arrays["vocabulary"]).split("\n"))}
        questions = {
            name: Linear(tuple(answers), arrays[f"weights_{name}"], arrays[f"bias_{name}"])
            for name, answers in head["questions"].items()
        }
        rarity = arrays["rarity"]
    for linear in questions.values():
        if linear.weights.shape != (len(linear.answers), len(rarity)) or len(rarity) != len(vocabulary):
            raise NotTrusted("the classifier's parts do not fit one another")
    until = datetime.fromisoformat(head["trained_until"])
    return Classifier(vocabulary, rarity, questions, until, int(head["examples"]), head["measured"])


def _seal(content: bytes, key: str) -> str:
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()
