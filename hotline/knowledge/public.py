"""What citizens read of the knowledge base. Only what is named here leaves the house.

Everything is read out of the rows into values of its own, so that no page can show who wrote an entry, why it
was changed, from which ticket it comes or what readers said of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.directory.listings import public_unit
from hotline.dispatch.models import Category
from hotline.knowledge.codes import as_printed
from hotline.knowledge.index import ENTRIES
from hotline.knowledge.models import Deed, Entry, EntryVersion
from hotline.knowledge.rules import LONGEST_CHAIN, Standing, standing
from hotline.people.models import Department
from hotline.text_index import phrases

PAGE = 20
NOTICES = 5
SHOWN = (Standing.CURRENT, Standing.UPCOMING)


@dataclass(frozen=True)
class Line:
    """An entry in a list."""

    code: str
    title: str
    answer: str
    owner_zh: str
    owner_en: str
    published_at: datetime


@dataclass(frozen=True)
class Policy:
    """The page of an entry. Without `answer` where it is over; `successor` is then what holds instead."""

    code: str
    title: str
    standing: Standing
    owner_zh: str
    owner_en: str
    owner_phone: str
    region: str
    valid_from: date
    valid_until: date | None
    over_at: datetime | None = None
    answer: str = ""
    legal_basis: str = ""
    worded_at: datetime | None = None
    checked_at: datetime | None = None
    successor: Line | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the answer may be read."""
        return self.standing in SHOWN


@dataclass(frozen=True)
class Topic:
    """A class with public entries; without a code those that have none."""

    code: str
    name_zh: str
    name_en: str
    entries: int


@dataclass(frozen=True)
class Found:
    """A page of a list; whether there are more behind it."""

    lines: Sequence[Line] = field(default_factory=tuple)
    more: bool = False


def policy(session: Session, code: str, day: date) -> Policy | None:
    """The page at this code on this day; None where no entry ever had it."""
    query = select(Entry).options(joinedload(Entry.owner)).where(Entry.public_code == as_printed(code))
    entry = session.scalar(query)
    return page_of(session, entry, day) if entry is not None else None


def page_of(session: Session, entry: Entry, day: date, as_if_public: bool = False) -> Policy:
    """An entry as citizens read it; `as_if_public` as they would if it became public now."""
    stands = standing(entry, day)
    if as_if_public and stands is Standing.HELD_BACK:
        stands = Standing.UPCOMING if day < entry.valid_from else Standing.CURRENT
    unit = public_unit(session, entry.owner_id)
    kept: dict[str, Any] = {
        "code": entry.public_code or "",
        "title": entry.title,
        "standing": stands,
        "owner_zh": entry.owner.name_zh,
        "owner_en": entry.owner.name_en,
        "owner_phone": unit.told.phone if unit else "",
        "region": entry.region,
        "valid_from": entry.valid_from,
        "valid_until": entry.valid_until,
    }
    if stands not in SHOWN:
        return Policy(**kept, over_at=entry.withdrawn_at, successor=_successor(entry, day))
    said: dict[str, Any] = {
        "answer": entry.answer,
        "legal_basis": entry.legal_basis,
        "checked_at": entry.reviewed_at,
    }
    return Policy(**kept, **said, worded_at=_worded_at(session, entry))


def policies(session: Session, day: date, words: str = "", topic: str | None = None, page: int = 1) -> Found:
    """Public entries that hold on this day: of a topic ("" is none), with every part of the words."""
    query = _public(day)
    if topic is not None:
        query = query.where(Entry.category_code == topic if topic else Entry.category_code.is_(None))
    for phrase in phrases(words):
        query = query.where(Entry.id.in_(ENTRIES.matching(session, phrase)))
    begin = (page - 1) * PAGE
    found = session.scalars(_newest(query).offset(begin).limit(PAGE + 1)).all()
    return Found([_line(entry) for entry in found[:PAGE]], more=len(found) > PAGE)


def notices(session: Session, day: date) -> Sequence[Line]:
    """The newest notices that hold on this day."""
    query = _newest(_public(day).where(Entry.is_notice)).limit(NOTICES)
    return [_line(entry) for entry in session.scalars(query)]


def topics(session: Session, day: date) -> Sequence[Topic]:
    """Classes with public entries, in the catalogue's order; those without a class last."""
    count = func.count(Entry.id)
    query = select(Category.code, Category.name_zh, Category.name_en, count).join(
        Category, Entry.category_code == Category.code, isouter=True
    )
    order = (Category.position.is_(None), Category.position, Category.code)
    rows = session.execute(query.where(*_holds(day)).group_by(Category.code).order_by(*order))
    return [Topic(code or "", zh or "", en or "", entries) for code, zh, en, entries in rows]


def _public(day: date) -> Select[Any]:
    return select(Entry).options(joinedload(Entry.owner)).where(*_holds(day))


def _holds(day: date) -> tuple[ColumnElement[bool], ...]:
    """`Standing.CURRENT` for a query."""
    running = or_(Entry.valid_until.is_(None), Entry.valid_until >= day)
    return Entry.is_public.is_(True), Entry.withdrawn_at.is_(None), Entry.valid_from <= day, running


def _newest(query: Select[Any]) -> Select[Any]:
    return query.order_by(Entry.published_at.desc(), Entry.id.desc())


def _line(entry: Entry) -> Line:
    owner: Department = entry.owner
    at = entry.published_at or entry.changed_at
    return Line(entry.public_code or "", entry.title, entry.answer, owner.name_zh, owner.name_en, at)


def _successor(entry: Entry, day: date) -> Line | None:
    """The first that holds now of those that came after it."""
    following = entry.successor
    for _ in range(LONGEST_CHAIN):
        if following is None or standing(following, day) in SHOWN:
            break
        following = following.successor
    return _line(following) if following is not None and standing(following, day) in SHOWN else None


def _worded_at(session: Session, entry: Entry) -> datetime | None:
    """Since when it says what it says."""
    query = select(func.max(EntryVersion.at)).where(EntryVersion.entry_id == entry.id)
    return session.scalar(query.where(EntryVersion.deed.in_((Deed.WRITTEN, Deed.CHANGED))))
