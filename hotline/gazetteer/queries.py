"""Reads of the gazetteer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.gazetteer.models import Place, PlaceKind


def places(
    session: Session, kind: PlaceKind | None = None, words: str = "", limit: int = 500
) -> Sequence[Place]:
    """Places by kind and part of a name, those in use first; for the page that lists them."""
    query = select(Place)
    if kind is not None:
        query = query.where(Place.kind == kind)
    if words:
        query = query.where(Place.name.contains(words, autoescape=True))
    in_order = query.order_by(Place.retired_at.is_not(None), Place.kind, Place.district, Place.name)
    return session.scalars(in_order.limit(limit)).all()


def in_use(session: Session) -> Sequence[Place]:
    """Every place that is not retired."""
    return session.scalars(select(Place).where(Place.retired_at.is_(None)).order_by(Place.id)).all()


def districts(session: Session) -> list[str]:
    """Names of the city's districts."""
    query = select(Place.name).where(Place.kind == PlaceKind.DISTRICT, Place.retired_at.is_(None))
    return list(session.scalars(query.order_by(Place.id)))


def edition(session: Session) -> tuple[int, datetime | None]:
    """Changes whenever a place is added, changed or retired: whoever keeps an index compares it."""
    count, newest = session.execute(select(func.count(Place.id), func.max(Place.changed_at))).one()
    return count, newest
