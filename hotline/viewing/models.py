"""The log of views and the log of unmasking. Both are only added to, until their time is over."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.database import Base, UtcDateTime
from hotline.tickets.models import Ticket


class What(StrEnum):
    """What of a ticket somebody saw."""

    PAGE = "page"
    WORDS = "words"  # the transcripts on its page
    SOUND = "sound"
    FILE = "file"  # something attached
    EXPORT = "export"  # a letter about it, as a file
    FOUND = "found"  # it stood among what a search by words found


class TicketView(Base):
    """Somebody saw this of the ticket: the first time within ten minutes. `slot` numbers the ten minutes
    since 1970; `in_full`: name and number were not masked. Names are kept as they were."""

    __tablename__ = "ticket_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    viewer: Mapped[str] = mapped_column(String(60))
    department_name: Mapped[str] = mapped_column(String(80), default="")
    what: Mapped[What] = mapped_column()
    in_full: Mapped[bool] = mapped_column()
    slot: Mapped[int] = mapped_column()

    ticket: Mapped[Ticket] = relationship()

    __table_args__ = (
        UniqueConstraint("user_id", "ticket_id", "what", "in_full", "slot"),
        Index("ix_ticket_view_ticket", "ticket_id", "id"),
    )


class Unmasking(Base):
    """Somebody had the citizen of a ticket, or the number of a call, shown in full until `until_at`."""

    __tablename__ = "unmasking"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    viewer: Mapped[str] = mapped_column(String(60))
    department_name: Mapped[str] = mapped_column(String(80), default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))

    ticket: Mapped[Ticket | None] = relationship()
    call: Mapped[Call | None] = relationship()

    __table_args__ = (
        CheckConstraint("(ticket_id IS NULL) <> (call_id IS NULL)", name="one_of_both"),
        Index("ix_unmasking_open", "user_id", "until_at"),
    )


class ViewLogIsAppendOnly(RuntimeError):
    """Somebody tried to change a line of one of the two logs."""


@listens_for(TicketView, "before_update")
@listens_for(Unmasking, "before_update")
def _refuse(*_: object) -> None:
    raise ViewLogIsAppendOnly("what somebody has seen is never changed")
