"""Editing the dispatch catalogue (派单目录) and its classes: a change is a new version, with who and why."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.dispatch.models import CatalogueRule, Category
from hotline.people.actors import Actor, Role
from hotline.people.models import Department
from hotline.refused import FieldRefused

EDITORS = (Role.ADMINISTRATOR, Role.DIRECTOR)
READERS = (*EDITORS, Role.DISPATCHER, Role.SUPERVISOR, Role.SCREENER)
LONGEST = {"district": 40, "reason": 200, "name_zh": 60, "name_en": 80, "keywords": 20}
MOST_ASSISTS, MOST_KEYWORDS = 10, 60
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
_EDIT = "edit the dispatch catalogue"


class Obstacle(StrEnum):
    """Why the catalogue is not changed."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"
    CANNOT_LEAD = "cannot_lead"
    LEAD_ASSISTS = "lead_assists"
    NO_CLASS_NO_PLACE = "no_class_no_place"
    NO_CHANGE = "no_change"
    CHANGED_MEANWHILE = "changed_meanwhile"
    BAD_CODE = "bad_code"
    CODE_TAKEN = "code_taken"
    IN_A_CIRCLE = "in_a_circle"
    RETIRED = "retired"
    HAS_PARTS = "has_parts"


class CatalogueRefused(FieldRefused):
    """Nothing was changed; the field is "" where it is the row or the class as a whole."""

    kinds = Obstacle


@dataclass(frozen=True)
class Row:
    """Who leads and who assists in matters of a class in a district. No class: whatever arises there; no
    district: the whole city."""

    category_code: str | None
    district: str
    lead_id: int
    assist_ids: Sequence[int] = ()


def set_row(context: Context, row: Row, reason: str) -> int:
    """From now on. Tickets that are dispatched keep the version they went by. Returns the new version's id.

    Raises `CatalogueRefused`, also if nothing would be different.
    """
    context.actor.must_have(_EDIT, *EDITORS)
    why = CatalogueRefused.written("reason", reason, LONGEST["reason"])
    with context.writing() as session:
        made = put_row(session, context, _checked(session, row), why)
        if made is None:
            raise CatalogueRefused(Obstacle.NO_CHANGE)
        return made.id


def put_row(session: Session, context: Context, row: Row, reason: str) -> CatalogueRule | None:
    """The next version of the row, in the caller's transaction; None if it says so already."""
    earlier = _versions(session, row.category_code, row.district)
    current = next((rule for rule in earlier if rule.is_active), None)
    if current and (current.lead_id, list(current.assist_ids)) == (row.lead_id, list(row.assist_ids)):
        return None
    for rule in earlier:
        rule.is_active = False
    made = CatalogueRule(
        category_code=row.category_code,
        district=row.district,
        lead_id=row.lead_id,
        assist_ids=list(row.assist_ids),
        version=max((rule.version for rule in earlier), default=0) + 1,
        changed_at=context.now(),
        changed_by=_name(context.actor),
        reason=reason,
    )
    session.add(made)
    session.flush()
    events.record(session, context.now(), "catalogue.changed", f"rule:{made.id}")
    return made


def usual_assists(session: Session, category_code: str | None, district: str) -> Sequence[int]:
    """Who assists by the row in force for exactly this class and place."""
    versions = _versions(session, category_code, district)
    return next((rule.assist_ids for rule in versions if rule.is_active), [])


def retire_row(context: Context, rule_id: int, reason: str) -> None:
    """The catalogue is silent here from now on. Raises `CatalogueRefused` for a row that holds no more."""
    context.actor.must_have(_EDIT, *EDITORS)
    why = CatalogueRefused.written("reason", reason, LONGEST["reason"])
    with context.writing() as session:
        rule = session.get(CatalogueRule, rule_id, with_for_update=True)
        if rule is None:
            raise CatalogueRefused(Obstacle.UNKNOWN)
        if not rule.is_active:
            raise CatalogueRefused(Obstacle.CHANGED_MEANWHILE)
        rule.is_active = False
        rule.retired_at, rule.retired_by, rule.retired_reason = context.now(), _name(context.actor), why
        events.record(session, context.now(), "catalogue.changed", f"rule:{rule.id}")


@dataclass(frozen=True)
class Class:
    """What is said of a class of matters; see `Category`."""

    name_zh: str
    name_en: str
    parent_code: str | None = None
    keywords: Sequence[str] = ()
    on_site: bool = False
    position: int = 0


def add_class(context: Context, code: str, named: Class) -> None:
    """A further class. Its code stays for ever: tickets and statistics hold it. Raises `CatalogueRefused`."""
    context.actor.must_have(_EDIT, *EDITORS)
    if not _CODE.fullmatch(code):
        raise CatalogueRefused(Obstacle.BAD_CODE, "code")
    with context.writing() as session:
        checked = _checked_class(session, code, named)
        session.add(Category(code=code, **{**vars(checked), "keywords": list(checked.keywords)}))
        try:
            session.flush()
        except IntegrityError:
            raise CatalogueRefused(Obstacle.CODE_TAKEN, "code") from None
        events.record(session, context.now(), "catalogue.changed", f"category:{code}")


def change_class(context: Context, code: str, named: Class) -> None:
    """Other names, words or place among the classes. Raises `CatalogueRefused`."""
    context.actor.must_have(_EDIT, *EDITORS)
    with context.writing() as session:
        category = _class(session, code)
        for name, value in vars(_checked_class(session, code, named)).items():
            setattr(category, name, list(value) if name == "keywords" else value)
        events.record(session, context.now(), "catalogue.changed", f"category:{code}")


def retire_class(context: Context, code: str, reason: str) -> None:
    """No new matter is of this class; tickets, rows of the catalogue and statistics keep it. Raises
    `CatalogueRefused`, also while classes below it are offered."""
    context.actor.must_have(_EDIT, *EDITORS)
    why = CatalogueRefused.written("reason", reason, LONGEST["reason"])
    with context.writing() as session:
        category = _class(session, code)
        if category.retired_at is not None:
            raise CatalogueRefused(Obstacle.CHANGED_MEANWHILE)
        below = select(Category.code).where(Category.parent_code == code, Category.retired_at.is_(None))
        if session.scalar(below.limit(1)) is not None:
            raise CatalogueRefused(Obstacle.HAS_PARTS)
        category.retired_at, category.retired_by = context.now(), _name(context.actor)
        category.retired_reason = why
        events.record(session, context.now(), "catalogue.changed", f"category:{code}", retired=True)


def restore_class(context: Context, code: str) -> None:
    """The class is offered again. Raises `CatalogueRefused`, also while the one above it is retired."""
    context.actor.must_have(_EDIT, *EDITORS)
    with context.writing() as session:
        category = _class(session, code)
        if category.retired_at is None:
            raise CatalogueRefused(Obstacle.CHANGED_MEANWHILE)
        if category.parent_code and _class(session, category.parent_code).retired_at is not None:
            raise CatalogueRefused(Obstacle.RETIRED)
        category.retired_at, category.retired_by, category.retired_reason = None, "", ""
        events.record(session, context.now(), "catalogue.changed", f"category:{code}", retired=False)


def _class(session: Session, code: str) -> Category:
    category = session.get(Category, code, with_for_update=True)
    if category is None:
        raise CatalogueRefused(Obstacle.UNKNOWN, "code")
    return category


def _checked(session: Session, row: Row) -> Row:
    district = CatalogueRefused.written("district", row.district, LONGEST["district"], must=False)
    if not row.category_code and not district:
        raise CatalogueRefused(Obstacle.NO_CLASS_NO_PLACE, "category_code")
    if row.category_code:
        _must_be_usable(session, row.category_code, district)
    lead = session.get(Department, row.lead_id)
    if lead is None or not lead.is_active:
        raise CatalogueRefused(Obstacle.UNKNOWN, "lead_id")
    if not lead.can_lead:
        raise CatalogueRefused(Obstacle.CANNOT_LEAD, "lead_id")
    assists = list(dict.fromkeys(row.assist_ids))
    if lead.id in assists:
        raise CatalogueRefused(Obstacle.LEAD_ASSISTS, "assist_ids")
    if len(assists) > MOST_ASSISTS:
        raise CatalogueRefused(Obstacle.TOO_MANY, "assist_ids")
    known = select(func.count(Department.id)).where(Department.id.in_(assists), Department.is_active)
    if session.scalar(known) != len(assists):
        raise CatalogueRefused(Obstacle.UNKNOWN, "assist_ids")
    return Row(row.category_code or None, district, lead.id, assists)


def _must_be_usable(session: Session, category_code: str, district: str) -> None:
    """A retired class keeps the rows that it has, for its tickets are still dispatched, and gets no more."""
    category = session.get(Category, category_code)
    if category is None:
        raise CatalogueRefused(Obstacle.UNKNOWN, "category_code")
    if category.retired_at is not None and not any(
        rule.is_active for rule in _versions(session, category_code, district)
    ):
        raise CatalogueRefused(Obstacle.RETIRED, "category_code")


def _checked_class(session: Session, code: str, named: Class) -> Class:
    written = CatalogueRefused.written
    names = {name: written(name, getattr(named, name), LONGEST[name]) for name in ("name_zh", "name_en")}
    words = tuple(dict.fromkeys(word.strip() for word in named.keywords if word.strip()))
    if len(words) > MOST_KEYWORDS or any(len(word) > LONGEST["keywords"] for word in words):
        raise CatalogueRefused(Obstacle.TOO_MANY, "keywords")
    above = named.parent_code or None
    parent = above
    while parent is not None:
        if parent == code:
            raise CatalogueRefused(Obstacle.IN_A_CIRCLE, "parent_code")
        category = session.get(Category, parent)
        if category is None:
            raise CatalogueRefused(Obstacle.UNKNOWN, "parent_code")
        if category.retired_at is not None and parent == above:
            raise CatalogueRefused(Obstacle.RETIRED, "parent_code")
        parent = category.parent_code
    return Class(**names, parent_code=above, keywords=words, on_site=named.on_site, position=named.position)


def _versions(session: Session, category_code: str | None, district: str) -> Sequence[CatalogueRule]:
    """Every version for this class and place, locked: two editors at once make two versions."""
    same = CatalogueRule.category_code == category_code
    if category_code is None:
        same = CatalogueRule.category_code.is_(None)
    query = select(CatalogueRule).where(same, CatalogueRule.district == district).with_for_update()
    return session.scalars(query.order_by(CatalogueRule.version)).all()


def _name(actor: Actor) -> str:
    return actor.name[:60]
