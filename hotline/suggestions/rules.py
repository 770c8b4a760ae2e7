"""All suggestions from a conversation. No database: what must be known is handed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotline.gazetteer.houses import house_at
from hotline.gazetteer.rules import PlaceIndex
from hotline.suggestions.classifier import Classifier
from hotline.suggestions.kinds import kinds
from hotline.suggestions.places import places
from hotline.suggestions.times import times
from hotline.suggestions.urgency import urgency
from hotline.suggestions.values import Field, Piece, Spoken, Suggestion
from hotline.suggestions.wording import wording

_PLACE_CONFIDENCE = 0.55

DepartmentFinder = Callable[[str, str], tuple[str, str] | None]
"""Category and district -> code of the department and why (`SuggestionReason`); None if none is named."""
SimilarFinder = Callable[[str, Mapping[Field, str]], Sequence[Suggestion]]
"""The text and what was suggested so far -> tickets that are open already."""


def _no_department(category: str, district: str) -> None:
    return None


def _none_similar(text: str, suggested: Mapping[Field, str]) -> Sequence[Suggestion]:
    return ()


@dataclass(frozen=True)
class Knowledge:
    """What the hotline knows: places, classifier (None before any training), service directory."""

    index: PlaceIndex
    classifier: Classifier | None = None
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    department: DepartmentFinder = _no_department
    similar: SimilarFinder = _none_similar


def suggest(pieces: Sequence[Piece], moment: datetime, knowledge: Knowledge) -> list[Suggestion]:
    """What the citizen's words suggest for the ticket, at most one suggestion a field (but several for
    `HAND_OVER` and `SIMILAR`). `moment` is when the call began, aware, on the city's clock.
    """
    spoken = Spoken.by_citizen(pieces)
    if not spoken.text:
        return []
    suggested = [
        *places(spoken, knowledge.index),
        *kinds(
            spoken, without_places(spoken.text, knowledge.index), knowledge.classifier, knowledge.keywords
        ),
        *times(spoken, moment),
    ]
    kind = next((s.value for s in suggested if s.field is Field.TYPE), None)
    suggested += urgency(spoken, kind)
    suggested += wording(spoken, kind)
    return [*suggested, *_beyond(spoken, suggested, knowledge)]


def _beyond(spoken: Spoken, suggested: Sequence[Suggestion], knowledge: Knowledge) -> list[Suggestion]:
    """What follows from the suggestions: who would handle it, and what is open already."""
    values = {s.field: s.value for s in suggested}
    further: list[Suggestion] = []
    if category := next((s for s in suggested if s.field is Field.CATEGORY), None):
        named = knowledge.department(category.value, values.get(Field.DISTRICT, ""))
        if named is not None:
            code, reason = named
            further.append(Suggestion(Field.DEPARTMENT, code, category.confidence, category.evidence, reason))
    return [*further, *knowledge.similar(spoken.text, values)]


def without_places(text: str, index: PlaceIndex) -> str:
    """The text without names of places and house numbers, which say nothing of the matter."""
    for heard in reversed(index.find(text)):
        if heard.confidence >= _PLACE_CONFIDENCE:
            house = house_at(text, heard.end)
            text = text[: heard.start] + "，" + text[house.end if house else heard.end :]
    return text
