"""Editing the directory: supervisors say which telephone of a department is on duty when."""

from dataclasses import dataclass
from datetime import time

from hotline import events
from hotline.calls.rules import plain
from hotline.context import Context
from hotline.directory.models import DutyDays, DutyPhone
from hotline.people.actors import Role
from hotline.people.models import Department

LONGEST_LABEL = 60
MOST_PHONES = 30
_WEEKDAYS = "1234567"


class DutyRefused(ValueError):
    """An entry cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Duty:
    """What is said of one telephone; see `DutyPhone`."""

    phone: str
    label: str
    days: DutyDays = DutyDays.EVERY_DAY
    weekdays: str = _WEEKDAYS
    from_time: time = time(0)
    until_time: time = time(0)
    position: int = 0


def add_phone(context: Context, department_id: int, duty: Duty) -> int:
    """A further telephone of a department. Returns its id. Raises `DutyRefused`, `OutgoingRefused`."""
    context.actor.must_have("edit the directory", Role.SUPERVISOR)
    checked = _checked(duty)
    with context.writing() as session:
        department = session.get(Department, department_id)
        if department is None:
            raise DutyRefused("department")
        if session.query(DutyPhone).filter(DutyPhone.department_id == department_id).count() >= MOST_PHONES:
            raise DutyRefused("number_of_phones")
        phone = DutyPhone(department_id=department_id, **vars(checked))
        session.add(phone)
        session.flush()
        events.record(session, context.now(), "directory.changed", f"department:{department_id}")
        return phone.id


def change_phone(context: Context, phone_id: int, duty: Duty) -> None:
    """What is said of a telephone from now on. Raises `DutyRefused`, `OutgoingRefused`."""
    context.actor.must_have("edit the directory", Role.SUPERVISOR)
    checked = _checked(duty)
    with context.writing() as session:
        phone = session.get(DutyPhone, phone_id)
        if phone is None:
            raise DutyRefused("phone")
        for name, value in vars(checked).items():
            setattr(phone, name, value)
        events.record(session, context.now(), "directory.changed", f"department:{phone.department_id}")


def remove_phone(context: Context, phone_id: int) -> None:
    """A telephone that is no longer there; removing it twice is no error."""
    context.actor.must_have("edit the directory", Role.SUPERVISOR)
    with context.writing() as session:
        phone = session.get(DutyPhone, phone_id)
        if phone is not None:
            events.record(session, context.now(), "directory.changed", f"department:{phone.department_id}")
            session.delete(phone)


def _checked(duty: Duty) -> Duty:
    label = " ".join(duty.label.split())
    if not 0 < len(label) <= LONGEST_LABEL:
        raise DutyRefused("label")
    if not duty.weekdays or not set(duty.weekdays) <= set(_WEEKDAYS):
        raise DutyRefused("weekdays")
    weekdays = "".join(day for day in _WEEKDAYS if day in duty.weekdays)
    position = max(0, min(duty.position, 99))
    times = duty.from_time, duty.until_time
    return Duty(plain(duty.phone), label, duty.days, weekdays, *times, position)
