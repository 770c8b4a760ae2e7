"""Tickets that are open already and may be the same matter (rulebook B8). They are shown, never merged."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.suggestions.values import Field, Suggestion
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

SAME_MATTER = 0.6
"""From here on rulebook B8 speaks of a candidate for merging."""
ALIKE = 0.35
_PHONE, _CATEGORY, _PLACE, _ROAD, _TEXT = 0.4, 0.15, 0.25, 0.12, 0.2
_WITHIN = timedelta(days=30)
_LOOKED_AT = 300
_SHOWN = 3
_OVER = (State.DRAFT, State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.NOT_ACCEPTED, State.MERGED)


def similar_tickets(
    session: Session, ticket: Ticket, now: datetime, text: str, suggested: Mapping[Field, str]
) -> list[Suggestion]:
    """The open tickets most like a draft, with the likeness as confidence and why as note."""
    phone = ticket.complainant_phone or ticket.contact.number
    values = {
        Field.CATEGORY: ticket.category_code or suggested.get(Field.CATEGORY, ""),
        Field.ADDRESS: ticket.address or suggested.get(Field.ADDRESS, ""),
    }
    said = _pairs(text)
    scored = [
        (_likeness(other, phone, values, said), other.number or "")
        for other in _candidates(session, ticket, now, phone, values, suggested)
    ]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), reverse=True)[:_SHOWN]
    return [
        Suggestion(Field.SIMILAR, number, score, note="same" if score >= SAME_MATTER else "alike")
        for score, number in best
    ]


def _candidates(
    session: Session,
    ticket: Ticket,
    now: datetime,
    phone: str,
    values: Mapping[Field, str],
    suggested: Mapping[Field, str],
) -> Sequence[Ticket]:
    """Of the newest open tickets those that share something; never a sealed one."""
    district = ticket.district or suggested.get(Field.DISTRICT, "")
    shared = [Ticket.complainant_phone == phone] if phone else []
    shared += [Ticket.category_code == values[Field.CATEGORY]] if values[Field.CATEGORY] else []
    shared += [Ticket.district == district] if district else []
    if not shared:
        return ()
    query = select(Ticket).where(
        Ticket.id != ticket.id,
        Ticket.number.is_not(None),
        Ticket.state.not_in(_OVER),
        Ticket.confidentiality != Confidentiality.SEALED,
        Ticket.received_at > now - _WITHIN,
        or_(*shared),
    )
    return session.scalars(query.order_by(Ticket.id.desc()).limit(_LOOKED_AT)).all()


def _likeness(other: Ticket, phone: str, values: Mapping[Field, str], said: Counter[str]) -> float:
    score = _PHONE if phone and other.complainant_phone == phone else 0.0
    score += _CATEGORY if values[Field.CATEGORY] and other.category_code == values[Field.CATEGORY] else 0.0
    score += _nearness(other.address, values[Field.ADDRESS])
    return round(score + _TEXT * _cosine(said, _pairs(other.description)), 3)


def _nearness(one: str, other: str) -> float:
    """Worth of the same house (one address begins with the other), or of the same road."""
    if not one or not other:
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return _PLACE
    road, other_road = (text.partition("路")[0] for text in (one, other))
    return _ROAD if road and road == other_road else 0.0


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    common = sum(count * other[pair] for pair, count in one.items())
    lengths = math.sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
    return common / lengths if lengths else 0.0
