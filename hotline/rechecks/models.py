"""Days of another look (rulebook B5, [S 002-05])."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.tickets.models import Ticket


class Recheck(Base):
    """A department that has dealt with a matter looks at it again on a day.

    `tell_at` is when its list is told, the day's beginning; None once it is told, or looked at. `due_at` is
    the day's end. `is_mended` is None until somebody has looked.
    """

    __tablename__ = "recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    day: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text)
    tell_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    is_mended: Mapped[bool | None] = mapped_column()
    found: Mapped[str] = mapped_column(Text, default="")

    ticket: Mapped[Ticket] = relationship()
