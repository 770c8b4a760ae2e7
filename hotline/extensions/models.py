"""Requests for more time."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.dispatch.undecided import Undecided
from hotline.people.models import Department
from hotline.tickets.models import Ticket


class ExtensionGround(StrEnum):
    """Why a department needs longer."""

    HARD_TO_SOLVE = "hard_to_solve"
    NEEDS_OTHERS = "needs_others"
    NEEDS_WORKS = "needs_works"
    NEEDS_EXPERTISE = "needs_expertise"
    CITIZEN_AWAY = "citizen_away"


class ExtensionState(StrEnum):
    """What became of a request."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    DROPPED = "dropped"  # the ticket left the department, or was answered, before anybody decided


class ExtensionRequest(Undecided, Base):
    """A department asks for more time on a ticket.

    `days` are counted in the unit of the profile's longest extension, from `due_before`, and end at
    `due_after`. The ticket's own due time is moved by the approval and by nothing else.
    """

    __tablename__ = "extension_request"
    ASKED: ClassVar[StrEnum] = ExtensionState.ASKED
    DROPPED: ClassVar[StrEnum] = ExtensionState.DROPPED
    DROPPED_EVENT = "extension_dropped"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ground: Mapped[ExtensionGround] = mapped_column()
    days: Mapped[int] = mapped_column()
    plan: Mapped[str] = mapped_column(Text)
    due_before: Mapped[datetime] = mapped_column(UtcDateTime)
    due_after: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ExtensionState] = mapped_column(default=ExtensionState.ASKED, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()
