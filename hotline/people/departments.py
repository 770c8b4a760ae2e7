"""What an administrator does to departments. Each act stands in the audit log."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.monitoring.audit import note
from hotline.monitoring.models import Deed
from hotline.people.actors import Role
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.models import Department, User

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
LONGEST = {"name_zh": 80, "name_en": 120, "phone": 30, "responsible": 60, "contact": 60}
_REQUIRED = ("name_zh", "name_en")


@dataclass(frozen=True)
class UnitForm:
    """What an administrator says of a department; the code is chosen once. `responsible` answers for it,
    `contact` is whom to ask there."""

    code: str
    name_zh: str
    name_en: str
    phone: str = ""
    responsible: str = ""
    contact: str = ""


def create_department(context: Context, form: UnitForm) -> int:
    """A further department. Returns its id. Raises `PeopleRefused`."""
    _must_be_administrator(context)
    code = form.code.strip().lower()
    _check(form)
    if not _CODE.fullmatch(code):
        raise PeopleRefused(Obstacle.BAD_CODE, "code")
    with context.writing() as session:
        if session.scalar(select(Department.id).where(Department.code == code)):
            raise PeopleRefused(Obstacle.CODE_TAKEN, "code", code)
        unit = Department(code=code, name_zh=form.name_zh.strip(), name_en=form.name_en.strip())
        for name in ("phone", "responsible", "contact"):
            setattr(unit, name, getattr(form, name).strip())
        session.add(unit)
        session.flush()
        note(session, context, Deed.CREATE_DEPARTMENT, reason=unit.name_zh, details=code)
        return unit.id


def edit_department(context: Context, department_id: int, form: UnitForm) -> None:
    """Other names, another telephone, somebody else who answers for it. Raises `PeopleRefused`."""
    _must_be_administrator(context)
    _check(form)
    with context.writing() as session:
        unit = _locked(session, department_id)
        for name in LONGEST:
            before, after = getattr(unit, name), getattr(form, name).strip()
            if before != after:
                setattr(unit, name, after)
                reason = f"{before} → {after}"[:200]
                note(session, context, Deed.EDIT_DEPARTMENT, reason=reason, details=unit.code)


def close_department(context: Context, department_id: int) -> None:
    """It is offered nowhere any more; what it has handled keeps its name. Raises `PeopleRefused`."""
    _must_be_administrator(context)
    with context.writing() as session:
        unit = _locked(session, department_id)
        if unit.is_hotline:
            raise PeopleRefused(Obstacle.IS_HOTLINE)
        if session.scalar(select(User.id).where(User.department_id == unit.id, User.is_active).limit(1)):
            raise PeopleRefused(Obstacle.HAS_PEOPLE)
        if unit.is_active:
            unit.is_active = False
            note(session, context, Deed.CLOSE_DEPARTMENT, reason=unit.name_zh, details=unit.code)


def open_department(context: Context, department_id: int) -> None:
    """It is offered again."""
    _must_be_administrator(context)
    with context.writing() as session:
        unit = _locked(session, department_id)
        if not unit.is_active:
            unit.is_active = True
            note(session, context, Deed.OPEN_DEPARTMENT, reason=unit.name_zh, details=unit.code)


def _must_be_administrator(context: Context) -> None:
    context.actor.must_have("change departments", Role.ADMINISTRATOR, Role.SYSTEM)


def _locked(session: Session, department_id: int) -> Department:
    return session.get_one(Department, department_id, with_for_update=True)


def _check(form: UnitForm) -> None:
    for name, longest in LONGEST.items():
        text = getattr(form, name).strip()
        if not text and name in _REQUIRED:
            raise PeopleRefused(Obstacle.NO_NAME, name)
        if len(text) > longest:
            raise PeopleRefused(Obstacle.TOO_LONG, name)
