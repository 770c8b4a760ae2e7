"""Legal holds, and the logs of what was deleted and anonymised."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.database import Base, UtcDateTime
from hotline.tickets.models import Ticket


class Kind(StrEnum):
    """What is kept for a period of its own (`Settings.retention_days`)."""

    AUDIO = "audio"  # the tracks of calls
    MESSAGE = "message"  # the tracks of calls that hold nothing but a message or a comment
    TRANSCRIPT = "transcript"  # the words, all versions, and their index


class LegalHold(Base):
    """Nothing of this ticket's calls, or of this call, is deleted until somebody lifts it."""

    __tablename__ = "legal_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    placed_by: Mapped[str] = mapped_column(String(60))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_by: Mapped[str] = mapped_column(String(60), default="")
    lift_reason: Mapped[str] = mapped_column(String(200), default="")

    ticket: Mapped[Ticket | None] = relationship()
    call: Mapped[Call | None] = relationship()

    __table_args__ = (CheckConstraint("(ticket_id IS NULL) <> (call_id IS NULL)", name="one_of_both"),)


class DeletionEntry(Base):
    """One line of the deletion log: what went, when, and under which period. Ids and counts alone."""

    __tablename__ = "deletion_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[Kind] = mapped_column()
    recording_id: Mapped[int] = mapped_column(index=True)
    call_day: Mapped[str] = mapped_column(String(10))
    """The city's day of the call, `2026-11-21`."""
    period_days: Mapped[int] = mapped_column()
    files: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    segments: Mapped[int] = mapped_column(default=0)
    versions: Mapped[int] = mapped_column(default=0)


class PersonalKind(StrEnum):
    """What is anonymised, or goes, after the period of its own name."""

    TICKET = "ticket"  # a matter that has ended, with its files, and its contact if no other needs it
    DRAFT = "draft"  # a matter that nobody registered
    FILE = "file"  # files of a matter that has ended
    LEFTOVER = "leftover"  # what names no ticket: material for learning, barred numbers; with tickets' period


class AnonymisedEntry(Base):
    """One line of the log: which ticket, when, under which period, how much. Nothing of what it was."""

    __tablename__ = "anonymised_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[PersonalKind] = mapped_column()
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    period_days: Mapped[int] = mapped_column()
    texts: Mapped[int] = mapped_column(default=0)
    """Values that were emptied or masked."""
    dropped: Mapped[int] = mapped_column(default=0)
    """Rows that were deleted, those of files too."""
    files: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)

    ticket: Mapped[Ticket | None] = relationship()


class DeletionLogIsAppendOnly(RuntimeError):
    """Somebody tried to change or delete a line of the deletion log, or of that of anonymising."""


@listens_for(DeletionEntry, "before_update")
@listens_for(DeletionEntry, "before_delete")
@listens_for(AnonymisedEntry, "before_update")
@listens_for(AnonymisedEntry, "before_delete")
def _refuse(*_: object) -> None:
    """The database refuses it too (a trigger of the migration); this names the mistake sooner."""
    raise DeletionLogIsAppendOnly("the deletion log is never changed")
