"""The duty to ask the citizen, and each try to do so."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.tickets.models import Ticket


class FollowUpState(StrEnum):
    """Where a follow-up stands."""

    DUE = "due"
    CALLING = "calling"
    NEEDS_FINDING = "needs_finding"  # the citizen says no: a person finds out why
    DONE = "done"
    UNREACHED = "unreached"
    DROPPED = "dropped"  # the matter is handled anew, or apart: asked again after the next reply


class AttemptOutcome(StrEnum):
    """What became of one try."""

    ANSWERED = "answered"  # both questions
    PARTIAL = "partial"  # hung up between the questions
    SILENT = "silent"  # picked up, pressed nothing
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"  # ours: the PBX or the script
    REFUSED = "refused"  # the rules for calls out do not allow the number: nothing was dialled


class FollowUp(Base):
    """Owed to one citizen for one accepted reply. `due_at` is when to dial next."""

    __tablename__ = "follow_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.DUE, index=True)
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    solved: Mapped[bool | None] = mapped_column()
    satisfaction: Mapped[int | None] = mapped_column()
    finding: Mapped[str] = mapped_column(String(20), default="")

    ticket: Mapped[Ticket] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(back_populates="follow_up", order_by="Attempt.id")


class Attempt(Base):
    """One try. `channel_id` is the uniqueid of the dialled channel; `digits` are the keys pressed, `heard`
    the words that were understood as answers."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"), index=True)
    channel_id: Mapped[str] = mapped_column(String(80), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[AttemptOutcome | None] = mapped_column()
    digits: Mapped[str] = mapped_column(String(20), default="")
    heard: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    follow_up: Mapped[FollowUp] = relationship(back_populates="attempts")
