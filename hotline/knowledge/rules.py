"""What an entry must say, when it is offered, when it is to be looked at again (rulebook B12)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hotline.knowledge.models import Entry
from hotline.people.actors import Role
from hotline.refused import FieldRefused
from hotline.tickets.privacy import HOTLINE_ROLES, OFFICE_ROLES, UNIT_ROLES

EDITORS = (Role.KNOWLEDGE_EDITOR,)
READERS = (*HOTLINE_ROLES, *UNIT_ROLES, *OFFICE_ROLES, *EDITORS, Role.MEDIA_SCREENER)

REVIEW_DAYS = 90
LONGEST = {"title": 120, "variants": 120, "answer": 4000, "legal_basis": 1000, "region": 40, "words": 500}
MOST_VARIANTS = 20
LONGEST_REVIEW_DAYS = 730
LONGEST_CHAIN = 20
"""More successors than these in a row are nobody's intention."""


class Obstacle(StrEnum):
    """Why something is not done with an entry."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    NOT_IN_ORDER = "not_in_order"
    CHANGED_MEANWHILE = "changed_meanwhile"
    WITHDRAWN = "withdrawn"
    NOT_WITHDRAWN = "not_withdrawn"
    SETTLED = "settled"
    TAKEN = "taken"
    UNCHECKED = "unchecked"
    EXPIRED = "expired"
    NOT_PUBLIC = "not_public"
    IN_A_CIRCLE = "in_a_circle"
    RETIRED = "retired"


class KnowledgeRefused(FieldRefused):
    """Nothing was changed; the field is "" where it is the entry as a whole."""

    kinds = Obstacle


@dataclass(frozen=True)
class Content:
    """What an editor says; see `Entry`."""

    title: str
    answer: str
    owner_id: int
    valid_from: date
    variants: Sequence[str] = field(default_factory=tuple)
    legal_basis: str = ""
    category_code: str | None = None
    region: str = ""
    valid_until: date | None = None
    review_days: int = REVIEW_DAYS


def checked(content: Content) -> Content:
    """The content without blanks around its texts. Raises `KnowledgeRefused` with the field."""

    def written(name: str, text: str, must: bool = False) -> str:
        return KnowledgeRefused.written(name, text, LONGEST[name], must)

    texts = {name: written(name, getattr(content, name), must=True) for name in ("title", "answer")}
    texts |= {name: written(name, getattr(content, name)) for name in ("legal_basis", "region")}
    asked = (written("variants", variant) for variant in content.variants)
    variants = tuple(dict.fromkeys(variant for variant in asked if variant))
    if len(variants) > MOST_VARIANTS:
        raise KnowledgeRefused(Obstacle.TOO_MANY, "variants")
    if content.valid_until is not None and content.valid_until < content.valid_from:
        raise KnowledgeRefused(Obstacle.NOT_IN_ORDER, "valid_until")
    if not 1 <= content.review_days <= LONGEST_REVIEW_DAYS:
        raise KnowledgeRefused(Obstacle.NOT_IN_ORDER, "review_days")
    return Content(**{**vars(content), **texts, "variants": variants})


class Standing(StrEnum):
    """How an entry that has a public page stands with citizens. Only the first two show its answer."""

    CURRENT = "current"
    UPCOMING = "upcoming"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    HELD_BACK = "held_back"


def standing(entry: Entry, day: date) -> Standing:
    """What is told first of an entry for which several hold: that it is withdrawn, expired, not public."""
    if entry.withdrawn_at is not None:
        return Standing.WITHDRAWN
    if entry.valid_until is not None and entry.valid_until < day:
        return Standing.EXPIRED
    if not entry.is_public:
        return Standing.HELD_BACK
    return Standing.UPCOMING if day < entry.valid_from else Standing.CURRENT


def is_offered(entry: Entry, day: date) -> bool:
    """Whether an agent may answer by it on this day: expired entries are not offered."""
    ended = entry.valid_until is not None and entry.valid_until < day
    return entry.withdrawn_at is None and entry.valid_from <= day and not ended
