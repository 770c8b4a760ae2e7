"""Scans by place, by entry and by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from hotline.knowledge.models import Entry, PolicyPlace, ScanCount
from hotline.knowledge.rules import EDITORS
from hotline.people.actors import Role

READERS = (*EDITORS, Role.DIRECTOR, Role.GOVERNMENT_OFFICE, Role.LEADER)
WEEKS = 8
PAGE = 50


class By(StrEnum):
    """What a line of the table is."""

    PLACE = "place"
    ENTRY = "entry"


@dataclass(frozen=True)
class Counted:
    """A line: an entry, or one of its places, and its scans week by week, the oldest first."""

    entry_id: int
    title: str
    weeks: Sequence[int]
    place: str = ""
    district: str = ""
    retired: bool = False

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.weeks)


@dataclass(frozen=True)
class Scans:
    """A page of lines, the most scanned first; the Mondays of their weeks; all scans of each week."""

    mondays: Sequence[date]
    lines: Sequence[Counted]
    all_of_week: Sequence[int]
    more: bool


def mondays(day: date, weeks: int = WEEKS) -> list[date]:
    """When the last weeks began, that of `day` included, the oldest first."""
    this_week = day - timedelta(days=day.weekday())
    return [this_week - timedelta(weeks=ago) for ago in reversed(range(weeks))]


def scans(session: Session, day: date, by: By = By.PLACE, page: int = 1) -> Scans:
    """Scans of the last weeks: of places that were scanned or whose codes are in use, or of their entries."""
    began = mondays(day)
    sums = [_in_week(monday) for monday in began]
    counts = select(*sums).where(ScanCount.day >= began[0])
    all_of_week = [int(count) for count in session.execute(counts).one()]
    lines = _lines(session, sums, began[0], by, page)
    return Scans(began, lines[:PAGE], all_of_week, more=len(lines) > PAGE)


def _lines(
    session: Session, sums: Sequence[ColumnElement[int]], since: date, by: By, page: int
) -> list[Counted]:
    place = (PolicyPlace.name, PolicyPlace.district, PolicyPlace.retired_at) if by is By.PLACE else ()
    key = (PolicyPlace.id, Entry.id) if by is By.PLACE else (Entry.id,)
    total = func.coalesce(func.sum(ScanCount.count), 0)
    counted = and_(ScanCount.place_id == PolicyPlace.id, ScanCount.day >= since)
    query = (
        select(Entry.id, Entry.title, *sums, *place)
        .select_from(PolicyPlace)
        .join(Entry, PolicyPlace.entry_id == Entry.id)
        .join(ScanCount, counted, isouter=True)
        .group_by(*key)
        .having(or_(total > 0, func.count(PolicyPlace.id) > func.count(PolicyPlace.retired_at)))
        .order_by(total.desc(), *key)
    )
    begin = (page - 1) * PAGE
    return [_counted(row, len(sums)) for row in session.execute(query.offset(begin).limit(PAGE + 1))]


def _counted(row: Sequence[Any], weeks: int) -> Counted:
    entry_id, title, *rest = row
    counts, place = [int(count) for count in rest[:weeks]], rest[weeks:]
    name, district, retired_at = place or ("", "", None)
    return Counted(entry_id, title, counts, name, district, retired_at is not None)


def _in_week(monday: date) -> ColumnElement[int]:
    within = case((ScanCount.day.between(monday, monday + timedelta(days=6)), ScanCount.count), else_=0)
    return func.coalesce(func.sum(within), 0)
