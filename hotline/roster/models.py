"""Weeks of the roster, and who works which shift in them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User


class RosterWeek(Base):
    """A week that somebody has written. `revision` counts its changes, so that of two people who edit the
    same state the second is told."""

    __tablename__ = "roster_week"

    monday: Mapped[date] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column()
    changed_by: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RosterEntry(Base):
    """Somebody works a shift that begins on this day; one a day. The times are those that the call plan had
    when it was written: what was agreed with a person does not move by itself."""

    __tablename__ = "roster_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    day: Mapped[date] = mapped_column(index=True)
    shift_code: Mapped[str] = mapped_column(String(40))
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    user: Mapped[User] = relationship()

    __table_args__ = (UniqueConstraint("user_id", "day"),)
