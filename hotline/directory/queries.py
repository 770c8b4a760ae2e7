"""Reads of the directory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.deadlines.calendar import ChineseCalendar
from hotline.directory.models import DutyPhone
from hotline.directory.rules import on_duty
from hotline.people.models import Department


@dataclass(frozen=True)
class OnDuty:
    """A department and its telephones on duty now, the first to be rung first."""

    department: Department
    phones: Sequence[DutyPhone]


def phones_of(session: Session, department_id: int) -> Sequence[DutyPhone]:
    """All telephones of a department, in their order."""
    query = select(DutyPhone).where(DutyPhone.department_id == department_id)
    return session.scalars(query.order_by(DutyPhone.position, DutyPhone.id)).all()


def every_phone(session: Session) -> Sequence[DutyPhone]:
    """The whole directory, by department."""
    query = select(DutyPhone).options(joinedload(DutyPhone.department)).join(Department)
    return session.scalars(query.order_by(Department.code, DutyPhone.position, DutyPhone.id)).all()


def who_is_on_duty(session: Session, at: datetime) -> list[OnDuty]:
    """Every department with a telephone on duty at `at` (aware, on the city's clock)."""
    there: dict[int, list[DutyPhone]] = {}
    for phone in on_duty(every_phone(session), at, ChineseCalendar()):
        there.setdefault(phone.department_id, []).append(phone)
    found = [OnDuty(phones[0].department, phones) for phones in there.values()]
    return sorted(found, key=lambda entry: entry.department.code)


def duty_phone(session: Session, department_id: int, at: datetime) -> DutyPhone | None:
    """The telephone of a department to ring at `at` (aware, on the city's clock); None if nobody is there."""
    return next(iter(on_duty(phones_of(session, department_id), at, ChineseCalendar())), None)
