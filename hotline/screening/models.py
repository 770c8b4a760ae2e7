"""What screening keeps beside the ticket: what the citizen was asked and answered, and refusals."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.screening.rules import RefusalCode
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


class RefusalState(StrEnum):
    """Where a proposed refusal stands."""

    PROPOSED = "proposed"  # waits for a second screener
    DISPUTED = "disputed"  # the second disagrees: a supervisor decides
    APPROVED = "approved"
    DROPPED = "dropped"
    OVERTURNED = "overturned"  # the citizen objected, rightly


class Refusal(Base):
    """A refusal (不予受理), from its proposal on. `told` is what the citizen is told, word by word.

    `proposed_by`, `second` and `decided_by` are different people. `told_at` is when the citizen knew.
    """

    __tablename__ = "refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    state: Mapped[RefusalState] = mapped_column(default=RefusalState.PROPOSED, index=True)
    code: Mapped[RefusalCode] = mapped_column()
    basis: Mapped[str] = mapped_column(String(300))
    right_channel: Mapped[str] = mapped_column(String(300))
    told: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    second_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    second: Mapped[User | None] = relationship(foreign_keys=[second_id])


class AnswerReview(StrEnum):
    """Whether somebody has to look at a direct answer, and what they found."""

    NOT_NEEDED = "not_needed"
    WAITS = "waits"
    SOUND = "sound"
    WRONG = "wrong"


class DirectAnswer(Base):
    """An answer that closed a ticket without a department (直办). `basis` is what it rests on, or empty."""

    __tablename__ = "direct_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review: Mapped[AnswerReview] = mapped_column(index=True)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
