"""What is said, and what is suggested from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Field(StrEnum):
    """What a suggestion is for. Most are fields of the draft by the same name."""

    TYPE = "type"
    CATEGORY = "category_code"
    DISTRICT = "district"
    STREET = "street"
    ADDRESS = "address"
    OCCURRED_AT = "occurred_at"
    RECURS = "recurs"  # 每天晚上: no moment that a field could hold
    DESCRIPTION = "description"
    DEMANDS = "demands"
    RESPONDENT = "respondent"
    URGENCY = "urgency"
    HAND_OVER = "hand_over"  # 110, 119, 120 or 122
    DEPARTMENT = "department"
    SIMILAR = "similar"  # a ticket that is open already


@dataclass(frozen=True)
class Piece:
    """A piece of a conversation: who (a value of `transcripts.models.Speaker`), what, and when.

    Times are seconds from the start of the recording; `words` are `(word, start_s, end_s)`, none if typed.
    """

    speaker: str
    text: str
    start_s: float | None = None
    end_s: float | None = None
    words: Sequence[tuple[str, float, float]] = ()


@dataclass(frozen=True)
class Evidence:
    """The words that a suggestion comes from, with their second of the recording where it is known."""

    words: str
    at_s: float | None = None


@dataclass(frozen=True)
class Suggestion:
    """`value` as the field takes it; `confidence` from 0 to 1, only to be compared within a field.

    `note` names a reason or a further value, by field: for a department why (`SuggestionReason`), for a
    similar ticket why, for an urgency and a hand-over the danger, for an address that no gazetteer knows it.
    """

    field: Field
    value: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


CITIZENS = ("caller", "message")
"""The speakers whose words are the citizen's."""

BREAK = "\n"
"""Between pieces in `Spoken.text`: nothing is matched across it."""


@dataclass(frozen=True)
class Spoken:
    """The citizen's pieces as one text, which knows for every character when it was said."""

    pieces: tuple[Piece, ...]
    text: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts, place = [], 0
        for piece in self.pieces:
            starts.append(place)
            place += len(piece.text) + len(BREAK)
        object.__setattr__(self, "text", BREAK.join(piece.text for piece in self.pieces))
        object.__setattr__(self, "_starts", tuple(starts))

    @classmethod
    def by_citizen(cls, pieces: Iterable[Piece]) -> "Spoken":
        """Only what the citizen says."""
        return cls(tuple(piece for piece in pieces if piece.speaker in CITIZENS and piece.text.strip()))

    def evidence(self, start: int, end: int) -> Evidence:
        """The characters from `start` to `end` with the second at which they begin."""
        return Evidence(self.text[start:end].replace(BREAK, " "), self.second(start))

    def second(self, place: int) -> float | None:
        """When the character at `place` was said; None for typed text."""
        for piece, start in reversed(list(zip(self.pieces, self._starts, strict=True))):
            if start <= place:
                return _second_in(piece, place - start)
        return None

    def until(self, place: int) -> float | None:
        """When the character before `place` had been said; None for typed text."""
        for piece, start in reversed(list(zip(self.pieces, self._starts, strict=True))):
            if start < place:
                return _end_in(piece, place - start)
        return None


def _second_in(piece: Piece, place: int) -> float | None:
    reached = 0
    for word, start_s, _ in piece.words:
        begins = piece.text.find(word, reached)
        reached = (reached if begins < 0 else begins) + len(word)
        if place < reached:
            return start_s
    return piece.start_s


def _end_in(piece: Piece, place: int) -> float | None:
    reached = 0
    for word, _, end_s in piece.words:
        begins = piece.text.find(word, reached)
        reached = (reached if begins < 0 else begins) + len(word)
        if place <= reached:
            return end_s
    return piece.end_s
