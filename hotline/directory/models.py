"""Duty telephones of departments."""

from datetime import time
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base
from hotline.people.models import Department


class DutyDays(StrEnum):
    """Which days a telephone is on duty, by the calendar of holidays and make-up days."""

    WORKDAYS = "workdays"
    DAYS_OFF = "days_off"
    EVERY_DAY = "every_day"


class DutyPhone(Base):
    """A telephone of a department and its window: from `from_time` until `until_time` of the city's clock.

    A window whose end is not after its beginning runs past midnight, and belongs to the day of its beginning;
    equal times mean the whole day. `weekdays` are digits, 1 is Monday. Lower `position` comes first.
    """

    __tablename__ = "duty_phone"

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    phone: Mapped[str] = mapped_column(String(30))
    label: Mapped[str] = mapped_column(String(60))
    days: Mapped[DutyDays] = mapped_column(default=DutyDays.EVERY_DAY)
    weekdays: Mapped[str] = mapped_column(String(7), default="1234567")
    from_time: Mapped[time] = mapped_column(Time)
    until_time: Mapped[time] = mapped_column(Time)
    position: Mapped[int] = mapped_column(default=0)

    department: Mapped[Department] = relationship()
