"""Adds words to the graph of a model without training it: names of a city's places and departments.

Only models whose graph this project can read, and whose phones it can spell, take words: those that
`recordings.training` makes. The given model is never changed.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recordings.model_folder import ModelFolder
from recordings.training import fst, louds
from recordings.training.graph import Phones, Spelling, WordLoop, words_table
from recordings.training.lexicon import all_units, pronunciations
from recordings.training.ngrams import Ngrams

# How likely an added word is beside all other words: as a frequent one, but all of them together never more
# than MOST, so that a gazetteer of thousands of names does not drown ordinary speech.
_EACH = 2e-5
_MOST = 0.02
_LONGEST = 12
_NUMBERED = ("<eps>", "#0")


class CannotAddWords(Exception):
    """The model takes no words; the text says why, for the administrator."""

    def __init__(self, model: Path, reason: str) -> None:
        super().__init__(f"no words can be added to {model}: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Added:
    """What became of the names: added to the graph, known to it before, or impossible to pronounce."""

    added: list[str]
    known: list[str]
    unspeakable: list[str]


def add_words(model: Path, target: Path, names: Sequence[str]) -> Added:
    """Write a copy of the model that knows the names, too, to `target`, which must not be there yet.

    Raises `NotAVoskModel` and `CannotAddWords`.
    """
    checked = ModelFolder.check(model)
    target = target.expanduser().resolve()
    if target.exists():
        raise CannotAddWords(checked.path, f"{target} is there already; name a new folder")
    if target.is_relative_to(checked.path):
        raise CannotAddWords(checked.path, f"{target} lies inside it")
    graph = _Graph.read(checked.path)
    sorted_out = graph.sort_out(names)
    graph.add(sorted_out.added)
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.copytree(checked.path, unfinished, dirs_exist_ok=True)
    graph.write(unfinished / "graph")
    unfinished.rename(target)
    return sorted_out


@dataclass
class _Graph:
    """A model's words with their numbers, how they are spoken, and how likely they follow one another."""

    words: dict[str, int]
    phones: Phones
    loop: WordLoop
    language: Ngrams

    @classmethod
    def read(cls, model: Path) -> "_Graph":
        folder = model / "graph"
        if (folder / "HCLG.fst").is_file() or not (folder / "HCLr.fst").is_file():
            raise CannotAddWords(
                model, "its graph is one fixed piece (HCLG.fst), made for its own words only"
            )
        phones = Phones(all_units())
        table = folder / "phones.txt"
        if not table.is_file() or table.read_text("utf-8") != phones.table():
            raise CannotAddWords(
                model, "it has no lexicon that this project can read, so nothing spells a word"
            )
        words = _words(folder / "words.txt")
        try:
            states, _ = fst.read_fst(folder / "HCLr.fst")
            language = louds.read_ngrams(folder / "Gr.fst", {number: word for word, number in words.items()})
        except fst.NotThisKindOfFst as error:
            raise CannotAddWords(model, f"its graph cannot be read: {error}") from None
        return cls(words, phones, WordLoop(phones, states), language)

    def sort_out(self, names: Sequence[str]) -> Added:
        """Which of the names (each once) can be added."""
        added, known, unspeakable = [], [], []
        for name in dict.fromkeys(name.strip() for name in names):
            if name in self.words:
                known.append(name)
            elif _is_chinese(name) and pronunciations(name):
                added.append(name)
            elif name:
                unspeakable.append(name)
        return Added(added, known, unspeakable)

    def add(self, names: Sequence[str]) -> None:
        """Every name as a word that may stand anywhere."""
        first = len(self.words) + 1
        self.words |= {name: number for number, name in enumerate(names, start=first)}
        self.loop.add_words(
            [
                Spelling(self.words[name], self.phones.of_word(units), cost)
                for name in names
                for units, cost in pronunciations(name).items()
            ],
            late=True,
        )
        share = min(_MOST, _EACH * len(names))
        anywhere = self.language.probabilities[()]
        for word in anywhere:
            anywhere[word] *= 1 - share
        anywhere |= {name: share / len(names) for name in names}

    def write(self, folder: Path) -> None:
        fst.write_fst(folder / "HCLr.fst", self.loop.states, 0, sorted_by="output")
        louds.write_ngrams(folder / "Gr.fst", self.language, self.words)
        (folder / "words.txt").write_text(words_table(self.words), "utf-8")


def _words(table: Path) -> dict[str, int]:
    """words.txt without its marks, in the order of the numbers."""
    lines = (line.rsplit(" ", 1) for line in table.read_text("utf-8").splitlines())
    return {word: int(number) for word, number in lines if word not in _NUMBERED}


def _is_chinese(name: str) -> bool:
    return 0 < len(name) <= _LONGEST and all("\u4e00" <= character <= "\u9fa5" for character in name)
