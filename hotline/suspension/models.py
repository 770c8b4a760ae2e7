"""Suspended tickets and the requests for it."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.dispatch.undecided import Undecided
from hotline.people.models import Department
from hotline.tickets.models import Ticket


class SuspensionState(StrEnum):
    """Where a suspension stands. `ENDED`: the ticket is handled again; `DROPPED`: it left the department, or
    was answered, before anybody decided."""

    ASKED = "asked"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    ENDED = "ended"
    DROPPED = "dropped"


class Suspension(Undecided, Base):
    """A department cannot solve a matter now: why, what is planned, and when it is looked at again.

    `due_at` is the moment of review while it is suspended, and what the sweep looks for; None otherwise.
    `due_before` is when the ticket was due as it was suspended.
    """

    __tablename__ = "suspension"
    ASKED: ClassVar[StrEnum] = SuspensionState.ASKED
    DROPPED: ClassVar[StrEnum] = SuspensionState.DROPPED
    DROPPED_EVENT = "suspension_dropped"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    plan: Mapped[str] = mapped_column(Text)
    review_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[SuspensionState] = mapped_column(default=SuspensionState.ASKED, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()
