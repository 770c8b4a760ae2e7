"""Contact records and replies (rulebook B1, reply form)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.tickets.models import Ticket


class ContactWay(StrEnum):
    """How the department reached for the citizen."""

    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"


class ReplyState(StrEnum):
    """Where a reply stands between the handler's pen and the hotline's review."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ContactRecord(Base):
    """One try of the department to speak with the citizen (联系群众)."""

    __tablename__ = "contact_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    way: Mapped[ContactWay] = mapped_column()
    reached: Mapped[bool] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship()


class Reply(Base):
    """A department's answer. `public_text` is for the citizen, `internal_text` for the hotline."""

    __tablename__ = "reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[ReplyState] = mapped_column(default=ReplyState.DRAFTED)
    claim_is_true: Mapped[bool] = mapped_column(default=True)
    is_solved: Mapped[bool] = mapped_column(default=True)
    unsolved_reason: Mapped[str] = mapped_column(Text, default="")
    internal_text: Mapped[str] = mapped_column(Text, default="")
    public_text: Mapped[str] = mapped_column(Text)
    on_site_visit: Mapped[bool] = mapped_column(default=False)
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
