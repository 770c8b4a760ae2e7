"""Hearing places in a text: by their characters, and by their sound where the recogniser wrote others.

A recogniser writes 敦化路 as 蹲画路 when it does not know the road; both sound the same. One syllable of a
longer name may also be misheard. No database.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hotline.gazetteer.houses import has_number
from hotline.gazetteer.models import PlaceKind
from hotline.language.sounds import are_near, folded, likeness, sounds

BY_CHARACTERS = 1.0
BY_SOUND = 0.9
ONE_SYLLABLE_OFF = 0.7
ONE_SYLLABLE_LOST = 0.6
IN_THE_DISTRICT = 0.15
SHORTEST_WITH_AN_ERROR = 3
_ANY = "*"

_Named = tuple[PlaceKind, str, str]  # kind, name, and what it was called


@dataclass(frozen=True)
class Entry:
    """A place of the gazetteer, as the index keeps it. `called` are its name and its other names."""

    kind: PlaceKind
    name: str
    district: str = ""
    street: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that people say for it; a district also without its last character (市北 for 市北区)."""
        short = (self.name[:-1],) if self.kind is PlaceKind.DISTRICT and len(self.name) > 2 else ()
        return (self.name, *self.aliases, *short)


@dataclass(frozen=True)
class Heard:
    """A place in a text: from its first character to the one after its last, and how sure that is, 0 to 1."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    confidence: float

    @property
    def name(self) -> str:
        """The place's proper name, whatever it was called."""
        return self.entries[0].name

    @property
    def kind(self) -> PlaceKind:
        """What is named."""
        return self.entries[0].kind

    @cached_property
    def districts(self) -> frozenset[str]:
        """The districts that it may lie in."""
        return frozenset(entry.district for entry in self.entries if entry.district)


class PlaceIndex:
    """Finds the places of a gazetteer in a text. Read-only: may be used by several threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_name: dict[tuple[PlaceKind, str], list[Entry]] = defaultdict(list)
        self._called: dict[tuple[str, ...], set[_Named]] = defaultdict(set)
        self._nearly: dict[tuple[str, ...], set[_Named]] = defaultdict(set)
        self._shortened: dict[tuple[str, ...], set[_Named]] = defaultdict(set)
        self._readings: dict[str, list[str]] = {}
        for entry in entries:
            self._by_name[entry.kind, entry.name].append(entry)
            for word in entry.called:
                self._add(entry, word)
        self._lengths = sorted({len(key) for key in self._called}, reverse=True)

    def _add(self, entry: Entry, word: str) -> None:
        self._readings[word] = sounds(word)
        key = tuple(map(folded, self._readings[word]))
        named = (entry.kind, entry.name, word)
        self._called[key].add(named)
        for place in range(len(key)):
            if len(key) >= SHORTEST_WITH_AN_ERROR:
                self._nearly[(*key[:place], _ANY, *key[place + 1 :])].add(named)
            if len(key) > SHORTEST_WITH_AN_ERROR and place < len(key) - 1:
                self._shortened[(*key[:place], *key[place + 1 :])].add(named)

    def find(self, text: str, district: str = "") -> list[Heard]:
        """The places of the text, the surest and longest where several overlap, in order.

        Of places that sound alike those in `district` are meant.
        """
        readings = sounds(text)
        keys = [folded(sound) for sound in readings]
        found = [
            heard
            for length in self._lengths
            for start in range(len(text) - length + 1)
            for heard in self._at(text, readings, keys, start, length)
        ]
        return _best(found, district)

    def _at(
        self, text: str, readings: Sequence[str], keys: Sequence[str], start: int, length: int
    ) -> Iterable[Heard]:
        span = slice(start, start + length)
        key = tuple(keys[span])
        for kind, name, word in self._called.get(key, ()):
            same = text[span] == word
            alike = likeness(readings[span], self._readings[word])
            yield self._heard(kind, name, span, BY_CHARACTERS if same else BY_SOUND * alike)
        if length >= SHORTEST_WITH_AN_ERROR:
            yield from self._with_an_error(readings, key, span)

    def _with_an_error(self, readings: Sequence[str], key: tuple[str, ...], span: slice) -> Iterable[Heard]:
        """One syllable misheard, or lost. What a place is (路, 区) must be heard: without it every second
        word would be near some road; only before a house number 路 may be misheard too."""
        numbered = has_number(readings, span.stop)
        for place in range(len(key)):
            if place == len(key) - 1 and not numbered:
                continue
            for kind, name, word in self._nearly.get((*key[:place], _ANY, *key[place + 1 :]), ()):
                meant = folded(self._readings[word][place])
                if key[place] != meant and are_near(key[place], meant):
                    alike = likeness(readings[span], self._readings[word])
                    yield self._heard(kind, name, span, ONE_SYLLABLE_OFF * alike)
        if numbered:
            for kind, name, _ in self._shortened.get(key, ()):
                yield self._heard(kind, name, span, ONE_SYLLABLE_LOST)

    def _heard(self, kind: PlaceKind, name: str, span: slice, confidence: float) -> Heard:
        return Heard(tuple(self._by_name[kind, name]), span.start, span.stop, round(confidence, 3))


def _best(found: Iterable[Heard], district: str) -> list[Heard]:
    kept: list[Heard] = []
    for heard in sorted(found, key=lambda h: (-_worth(h, district), h.start)):
        if all(heard.end <= other.start or heard.start >= other.end for other in kept):
            kept.append(heard)
    return sorted(kept, key=lambda heard: heard.start)


def _worth(heard: Heard, district: str) -> float:
    """Longer names are worth more than names within them; one that is off less than a true one."""
    inside = IN_THE_DISTRICT if district in heard.districts else 0.0
    return (heard.confidence + inside) * math.sqrt(heard.end - heard.start)
