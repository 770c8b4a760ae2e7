"""Questions of departments to citizens (rulebook T23, T24)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department
from hotline.tickets.models import Ticket


class UnitQuestion(Base):
    """What a department asks a citizen while it handles the matter, and the answer.

    The clock stands still from `asked_at` to the answer, at most until `answer_by`; `due_before` is the limit
    as it was. `due_at` is when the sweep looks; None once the question is settled.
    """

    __tablename__ = "unit_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    due_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()
