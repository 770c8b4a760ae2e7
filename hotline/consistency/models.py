"""Findings about calls, what people answered to them, and how far each call has been looked at."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.consistency.rules import Kind
from hotline.consistency.sentences import Where
from hotline.database import Base, UtcDateTime

LONGEST_VALUE = 200


class Answer(StrEnum):
    """What a reviewer says to a finding."""

    RIGHT = "right"
    NOT_RIGHT = "not_right"
    SEEN = "seen"  # looked at, and nothing to say


class ConsistencyCheck(Base):
    """A call that is held against its tickets: when it is due, and what became of the last try.

    `basis` is a hash of everything that was compared the last time; empty: look again whatever is the same.
    """

    __tablename__ = "consistency_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(80), default="")
    set_aside_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    basis: Mapped[str] = mapped_column(String(64), default="")

    call: Mapped[Call] = relationship()


class ReviewFinding(Base):
    """Something of a call that a reviewer should listen to; see `hotline.consistency.rules.Finding`.

    The transcript that it was found in is named by its model and moment. `gone_at`: an answered one that is
    found no more, for the ticket was changed or the call written down anew.
    """

    __tablename__ = "review_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    kind: Mapped[Kind] = mapped_column()
    at_s: Mapped[float | None] = mapped_column()
    until_s: Mapped[float | None] = mapped_column()
    words: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[str] = mapped_column(String(LONGEST_VALUE), default="")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    model_name: Mapped[str] = mapped_column(String(80), default="")
    model_hash: Mapped[str] = mapped_column(String(64), default="")
    transcribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[Answer | None] = mapped_column()
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_by: Mapped[str] = mapped_column(String(60), default="")

    call: Mapped[Call] = relationship()

    __table_args__ = (
        Index("ix_review_finding_call", "call_id", "id"),
        Index("ix_review_finding_open", "answer", "gone_at", "kind"),
    )


class RequiredSentence(Base):
    """A sentence that agents have to say; see `hotline.consistency.sentences.Sentence`.

    Calls in another language than `language` are not looked at for it. A retired one is no longer looked for.
    """

    __tablename__ = "required_sentence"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    phrases: Mapped[list[str]] = mapped_column(JSON)
    place: Mapped[Where] = mapped_column()
    with_number: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10), default="zh")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LogPosition(Base):
    """How far the event log has been read for changes to calls and tickets. One row."""

    __tablename__ = "consistency_log_position"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column()
