"""Word lists, reviewers' verdicts on replies, and proposals for supervision that come from them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department
from hotline.replies.models import Reply
from hotline.review.rules import Signal, WordList
from hotline.tickets.models import Ticket


class Ground(StrEnum):
    """Why a reply goes back to the department (T28)."""

    INCOMPLETE = "incomplete"
    PERFUNCTORY = "perfunctory"
    NOT_CONTACTED = "not_contacted"
    WRONG_FACTS = "wrong_facts"
    OTHER = "other"


class SignalWords(Base):
    """One list of words of the signals; `changed_by` is empty as long as it is the one we began with."""

    __tablename__ = "signal_words"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[WordList] = mapped_column(unique=True)
    phrases: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(60), default="")


class ReplyVerdict(Base):
    """What the hotline's reviewer said of a reply, and by which signals. One a reply.

    `grounds` are of a rejection. A perfunctory reply counts against its department.
    """

    __tablename__ = "reply_verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accepted: Mapped[bool] = mapped_column()
    perfunctory: Mapped[bool] = mapped_column(default=False)
    grounds: Mapped[list[str]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[int] = mapped_column(default=0)

    reply: Mapped[Reply] = relationship()
    signals: Mapped[list["JudgedSignal"]] = relationship(order_by="JudgedSignal.id")

    __table_args__ = (Index("ix_reply_verdict_perfunctory", "department_id", "perfunctory", "at"),)


class JudgedSignal(Base):
    """A signal as the reviewer saw it. `confirmed` is None where nobody had to say. For `spans` and `about`
    see `hotline.review.rules`; the words are kept, for answers are written anew after a rejection."""

    __tablename__ = "judged_signal"

    id: Mapped[int] = mapped_column(primary_key=True)
    verdict_id: Mapped[int] = mapped_column(ForeignKey("reply_verdict.id"))
    signal: Mapped[Signal] = mapped_column()
    weight: Mapped[int] = mapped_column()
    spans: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    about: Mapped[str] = mapped_column(String(200), default="")
    confirmed: Mapped[bool | None] = mapped_column()

    __table_args__ = (UniqueConstraint("verdict_id", "signal"),)


class PerfunctoryProposal(Base):
    """A second perfunctory reply to a ticket: the hotline proposes L2 (督办通知单) against the department.

    Supervision decides on it and sets `taken_at`; until then no further one is made for the ticket.
    """

    __tablename__ = "perfunctory_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    verdict_id: Mapped[int] = mapped_column(ForeignKey("reply_verdict.id"), unique=True)
    times: Mapped[int] = mapped_column()
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()
    verdict: Mapped[ReplyVerdict] = relationship()
