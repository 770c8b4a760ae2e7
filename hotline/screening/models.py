"""What screening keeps beside the ticket: what the citizen was asked, and what they answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.tickets.models import Ticket


class InfoRequest(Base):
    """One question to the citizen before a ticket is accepted (待补充), and its answer.

    `answer_by` is promised and stays; `due_at` is when the sweep looks next, None when it need not. Requests
    that are not settled yet belong to the round that the ticket waits for.
    """

    __tablename__ = "info_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    written_by: Mapped[User | None] = relationship(foreign_keys=[written_by_id])
