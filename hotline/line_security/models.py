"""Calls out, for the limit, and alarms of the line."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.calls.rules import Purpose
from hotline.database import Base, UtcDateTime


class AlarmKind(StrEnum):
    """What went wrong on the line, or with the mailbox."""

    BAD_REGISTRATIONS = "bad_registrations"  # subject: the address that tries passwords
    TOO_MANY_CALLS = "too_many_calls"  # subject: the user at whose seat they were ordered
    MAILBOX = "mailbox"  # subject: the server that does not give out letters
    MAIL_SERVER = "mail_server"  # subject: the server that takes no letters of ours
    MAIL_UNSENT = "mail_unsent"  # letters that were given up; subject: the server that should have sent them


class OutgoingCall(Base):
    """One call out that was allowed. The number stands where the call stands, not here."""

    __tablename__ = "outgoing_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[Purpose] = mapped_column()

    __table_args__ = (Index("ix_outgoing_call_user_at", "user_id", "at"),)


class LineAlarm(Base):
    """Something that a person should look at. One open alarm a kind and subject; it counts on."""

    __tablename__ = "line_alarm"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlarmKind] = mapped_column()
    subject: Mapped[str] = mapped_column(String(60))
    count: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        Index(
            "uq_line_alarm_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
    )
