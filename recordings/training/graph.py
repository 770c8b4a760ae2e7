"""The decoding graph: every word of the vocabulary as a path of phones, sharing beginnings and endings."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from recordings.training import kaldi
from recordings.training.fst import Arc, State
from recordings.training.units import SILENCE

_SILENCE_PROBABILITY = 0.2
_UNKNOWN_COST_PER_PHONE = 1.0
_ENTER = -math.log(1 - kaldi.STAY)
_STAY = -math.log(kaldi.STAY)
_LOOP = 0


class Phone(NamedTuple):
    """A unit at a place in its word (B, I, E, S: begin, inside, end, single; none for silence)."""

    name: str
    unit: str
    place: str


_PLACES = {"B": "begin", "I": "internal", "E": "end", "S": "singleton", "": "nonword"}


class Phones:
    """All phones, numbered from 1; silence is 1."""

    def __init__(self, units: Iterable[str]) -> None:
        self.all = [Phone(SILENCE, SILENCE, "")]
        for unit in units:
            if unit != SILENCE:
                self.all += [Phone(f"{unit}_{place}", unit, place) for place in "BIES"]
        self._numbers = {phone.name: number for number, phone in enumerate(self.all, start=1)}

    @property
    def silence(self) -> int:
        """The number of silence."""
        return self._numbers[SILENCE]

    def number(self, unit: str, place: str) -> int:
        """The number of the unit at that place of a word."""
        return self._numbers[f"{unit}_{place}"]

    def of_word(self, units: tuple[str, ...]) -> tuple[int, ...]:
        """The phones of a word."""
        places = ["S"] if len(units) == 1 else ["B", *"I" * (len(units) - 2), "E"]
        return tuple(self.number(unit, place) for unit, place in zip(units, places, strict=True))

    def table(self) -> str:
        """graph/phones.txt"""
        return "<eps> 0\n" + "".join(f"{phone.name} {n}\n" for n, phone in enumerate(self.all, start=1))

    def boundaries(self) -> str:
        """graph/phones/word_boundary.int"""
        return "".join(f"{n} {_PLACES[phone.place]}\n" for n, phone in enumerate(self.all, start=1))


class Spelling(NamedTuple):
    """A word (by number) as phones; cost is the negative log of this pronunciation's weight."""

    word: int
    phones: tuple[int, ...]
    cost: float


class WordLoop:
    """Transducer from transitions to words; state 0 lies between words.

    Words share their beginnings as in a tree. A word's label stands where it is the only one left, so that
    the language model weighs in early; from there on words share their endings.
    """

    def __init__(self, phones: Phones, states: list[State] | None = None) -> None:
        """`states`: of a loop that was made before, to add words to; without them a new one."""
        self.states = states or [State(final=0.0)]
        self._phones = phones
        self._endings: dict[tuple[int, ...], int] = {}
        if states is None:
            self._add_silence()

    def add_words(self, spellings: list[Spelling], *, late: bool = False) -> None:
        """Add these words; they share beginnings and endings with one another only.

        late: labels stand at the very end. A few words beside a whole vocabulary are the only ones left after
        a sound or two; weighed so early, a rare word is given up before it is half said.
        """
        sharing = Counter(s.phones[:length] for s in spellings for length in range(1, len(s.phones) + 1))
        nodes: dict[tuple[int, ...], int] = {(): _LOOP}
        for spelling in sorted(spellings, key=lambda s: s.phones):
            self._add_word(spelling, Counter() if late else sharing, nodes)

    def add_unknown(self, word: int, units: Iterable[str]) -> None:
        """Add a word that is any string of phones: what runtime grammars put beside their own words."""
        before, inside = self._new(), self._new()
        self.states[_LOOP].arcs.append(Arc(0, word, 0.0, before))
        for unit in units:
            for place, source, target in (
                ("B", before, inside),
                ("I", inside, inside),
                ("E", inside, _LOOP),
                ("S", before, _LOOP),
            ):
                phone = self._phones.number(unit, place)
                state = self._inside(phone)
                self.states[source].arcs.append(
                    Arc(kaldi.entering(phone), 0, _ENTER + _UNKNOWN_COST_PER_PHONE, state)
                )
                self.states[state].arcs.append(Arc(0, 0, 0.0, target))

    def _new(self) -> int:
        self.states.append(State())
        return len(self.states) - 1

    def _inside(self, phone: int) -> int:
        state = self._new()
        self.states[state].arcs.append(Arc(kaldi.staying(phone), 0, _STAY, state))
        return state

    def _add_silence(self) -> None:
        phone = self._phones.silence
        state = self._inside(phone)
        self.states[_LOOP].arcs.append(
            Arc(kaldi.entering(phone), 0, _ENTER - math.log(_SILENCE_PROBABILITY), state)
        )
        self.states[state].arcs.append(Arc(0, 0, 0.0, _LOOP))

    def _add_word(
        self, spelling: Spelling, sharing: Counter[tuple[int, ...]], nodes: dict[tuple[int, ...], int]
    ) -> None:
        phones = spelling.phones
        for length in range(1, len(phones) + 1):
            beginning = phones[:length]
            source = nodes[beginning[:-1]]
            entering = kaldi.entering(phones[length - 1])
            if sharing[beginning] == 1:
                ending = self._ending(phones[length - 1 :])
                self.states[source].arcs.append(Arc(entering, spelling.word, _ENTER + spelling.cost, ending))
                return
            if beginning not in nodes:
                nodes[beginning] = self._inside(phones[length - 1])
                self.states[source].arcs.append(Arc(entering, 0, _ENTER, nodes[beginning]))
        leave = spelling.cost - math.log(1 - _SILENCE_PROBABILITY)
        self.states[nodes[phones]].arcs.append(Arc(0, spelling.word, leave, _LOOP))

    def _ending(self, phones: tuple[int, ...]) -> int:
        """The state inside the first of these phones from which the rest leads to the end of a word."""
        if phones in self._endings:
            return self._endings[phones]
        state = self._endings[phones] = self._inside(phones[0])
        if len(phones) == 1:
            self.states[state].arcs.append(Arc(0, 0, -math.log(1 - _SILENCE_PROBABILITY), _LOOP))
        else:
            self.states[state].arcs.append(
                Arc(kaldi.entering(phones[1]), 0, _ENTER, self._ending(phones[1:]))
            )
        return state


def words_table(word_numbers: Mapping[str, int]) -> str:
    """graph/words.txt"""
    lines = ["<eps> 0", *(f"{word} {n}" for word, n in word_numbers.items()), f"#0 {len(word_numbers) + 1}"]
    return "\n".join(lines) + "\n"
