"""Duty telephones of departments, and what everybody may know of them."""

from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
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


class Listing(Base):
    """What everybody may know of a department: what it does for citizens, its public telephone, its hours.

    A department without one is not in the public directory. No duty telephone is ever copied from above.
    """

    __tablename__ = "public_listing"

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    does_zh: Mapped[str] = mapped_column(Text)
    does_en: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    hours_zh: Mapped[str] = mapped_column(String(120), default="")
    hours_en: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(60))

    department: Mapped[Department] = relationship()
