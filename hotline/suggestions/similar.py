"""Tickets that are open already and may be the same matter (rulebook B8). They are shown, never merged."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hotline.language.addresses import same_house
from hotline.language.likeness import cosine, pairs
from hotline.suggestions.values import Field, Suggestion
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

SAME_MATTER = 0.6
"""From here on rulebook B8 speaks of a candidate for merging."""
ALIKE = 0.35
_PHONE, _CATEGORY, _PLACE, _TEXT = 0.4, 0.15, 0.25, 0.2
_SAME_WORDS = 0.3  # a cosine from which the words are told as a reason
_WITHIN = timedelta(days=30)
_LOOKED_AT = 300
_SHOWN = 3
_OVER = (State.DRAFT, State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.NOT_ACCEPTED, State.MERGED)
ROAD = re.compile(r".+?(?:路|大街|街|巷|胡同|大道|道)")


class Why(StrEnum):
    """What two tickets have in common."""

    PHONE = "phone"
    CATEGORY = "category"
    PLACE = "place"
    WORDS = "words"


@dataclass(frozen=True)
class Matter:
    """What a ticket, or a draft with what is suggested for it, is compared by."""

    ticket_id: int
    contact_id: int
    phone: str
    category_code: str
    district: str
    address: str
    text: str

    @classmethod
    def of(cls, ticket: Ticket, text: str, suggested: Mapping[Field, str]) -> "Matter":
        """What stands in the ticket goes before what is suggested."""
        return cls(
            ticket_id=ticket.id,
            contact_id=ticket.contact_id,
            phone=ticket.complainant_phone or ticket.contact.number,
            category_code=ticket.category_code or suggested.get(Field.CATEGORY, ""),
            district=ticket.district or suggested.get(Field.DISTRICT, ""),
            address=ticket.address or suggested.get(Field.ADDRESS, ""),
            text=text,
        )


class _Other(NamedTuple):
    """What an open ticket is compared by. There may be hundreds; to load whole ones took longest."""

    phone: str
    category_code: str | None
    district: str
    address: str
    description: str


_COMPARED = (
    Ticket.complainant_phone,
    Ticket.category_code,
    Ticket.district,
    Ticket.address,
    Ticket.description,
)


@dataclass(frozen=True)
class Alike:
    """An open ticket, how like it is (0 to 1), and by what."""

    ticket: Ticket
    score: float
    why: tuple[Why, ...]


def similar_tickets(
    session: Session, ticket: Ticket, now: datetime, text: str, suggested: Mapping[Field, str]
) -> list[Suggestion]:
    """The open tickets most like a draft, with the likeness as confidence and why as note."""
    return [
        Suggestion(
            Field.SIMILAR, one.ticket.number or "", one.score, note="same" if is_same(one) else "alike"
        )
        for one in alike_to(session, Matter.of(ticket, text, suggested), now)
    ]


def is_same(one: Alike) -> bool:
    """Whether the rulebook would have it suggested for merging."""
    return one.score >= SAME_MATTER


def alike_to(session: Session, matter: Matter, now: datetime, limit: int = _SHOWN) -> list[Alike]:
    """The open tickets most like a matter, the likest first."""
    said = pairs(matter.text)
    likeness = {id_: _likeness(other, matter, said) for id_, other in _candidates(session, matter, now)}
    alike = [id_ for id_, (score, _) in likeness.items() if score >= ALIKE]
    best = sorted(alike, key=lambda id_: (likeness[id_][0], id_), reverse=True)[:limit]
    if not best:
        return []
    tickets = {one.id: one for one in session.scalars(select(Ticket).where(Ticket.id.in_(best)))}
    return [Alike(tickets[id_], *likeness[id_]) for id_ in best if id_ in tickets]  # not deleted meanwhile


def _candidates(session: Session, matter: Matter, now: datetime) -> Iterable[tuple[int, _Other]]:
    """All of the same telephone, and of the newest others those that share category or district.

    Never a sealed one, nor one that was split off the same contact: somebody has seen that it is another.
    """
    shared: list[ColumnElement[bool]] = []
    if matter.category_code:
        level = second_level(matter.category_code)
        shared += [
            Ticket.category_code == level,
            Ticket.category_code.startswith(f"{level}.", autoescape=True),
        ]
    if matter.district:
        shared += [Ticket.district == matter.district]
    found: dict[int, _Other] = {}
    for wanted in ([Ticket.complainant_phone == matter.phone] if matter.phone else [], shared):
        if wanted:
            query = select(Ticket.id, *_COMPARED).where(*_open(matter, now), or_(*wanted))
            newest = session.execute(query.order_by(Ticket.id.desc()).limit(_LOOKED_AT))
            found.update((id_, _Other._make(compared)) for id_, *compared in newest)
    return found.items()


def _open(matter: Matter, now: datetime) -> list[ColumnElement[bool]]:
    return [
        Ticket.id != matter.ticket_id,
        Ticket.contact_id != matter.contact_id,
        Ticket.number.is_not(None),
        Ticket.state.not_in(_OVER),
        Ticket.confidentiality != Confidentiality.SEALED,
        Ticket.received_at > now - _WITHIN,
    ]


def second_level(code: str) -> str:
    """`city.noise.night` is of `city.noise`: the rulebook compares categories of the second level."""
    return ".".join(code.split(".")[:2])


def _likeness(other: _Other, matter: Matter, said: Counter[str]) -> tuple[float, tuple[Why, ...]]:
    alike = cosine(said, pairs(other.description))
    same = {
        Why.PHONE: bool(matter.phone) and other.phone == matter.phone,
        Why.CATEGORY: bool(matter.category_code)
        and second_level(other.category_code or "") == second_level(matter.category_code),
        Why.PLACE: is_near((other.district, other.address), (matter.district, matter.address)),
        Why.WORDS: alike >= _SAME_WORDS,
    }
    weights = {Why.PHONE: _PHONE, Why.CATEGORY: _CATEGORY, Why.PLACE: _PLACE}
    score = sum(weight for why, weight in weights.items() if same[why]) + _TEXT * alike
    return round(score, 3), tuple(why for why, holds in same.items() if holds)


def is_near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Of two places, each district and address: the same house or the same road, not in another district."""
    (district, address), (other_district, other_address) = one, other
    if not address or not other_address or (district and other_district and district != other_district):
        return False
    if same_house(address, other_address):
        return True
    roads = [ROAD.match(text) for text in (address, other_address)]
    return roads[0] is not None and roads[1] is not None and roads[0][0] == roads[1][0]
