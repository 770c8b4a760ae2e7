"""Contact records, visits and replies (rulebook B1, reply form)."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
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


class Adoption(StrEnum):
    """Whether a suggestion of a citizen was taken up ([S 002-31])."""

    TAKEN = "taken"
    PARTLY = "partly"
    NOT_TAKEN = "not_taken"


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


class SiteVisit(Base):
    """Somebody of the department was there (现场核查). `visited_at` is told, `at` when it was written."""

    __tablename__ = "site_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    visitors: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(300))
    found: Mapped[str] = mapped_column(Text)


class Reply(Base):
    """A department's answer. `public_text` is for the citizen, `internal_text` for the hotline.

    `returned_at` is set while the unit's leader has sent a draft back to its writer, with `return_reason`.
    """

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
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    return_reason: Mapped[str] = mapped_column(Text, default="")
    adoption: Mapped[Adoption | None] = mapped_column()
    """Only of replies to suggestions."""
    adoption_reason: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(String(30), default="", index=True)
    """A code of `causes.toml`; empty where nobody asked."""

    ticket: Mapped[Ticket] = relationship()
    quantities: Mapped[list["ReplyQuantity"]] = relationship(
        order_by="ReplyQuantity.position", cascade="all, delete-orphan"
    )

    # The newest ones of a department, with which every verdict compares a reply.
    __table_args__ = (Index("ix_reply_department", "department_id", "id"),)

    @property
    def waits(self) -> bool:
        """Whether it waits for the unit leader's approval."""
        return self.state is ReplyState.DRAFTED and self.returned_at is None


class ReplyQuantity(Base):
    """One line of what was done: `what`, hundredths of `unit`. Whole numbers, so that sums are exact on every
    database."""

    __tablename__ = "reply_quantity"

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("reply.id"), index=True)
    position: Mapped[int] = mapped_column()
    what: Mapped[str] = mapped_column(String(60))
    hundredths: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(20), index=True)

    @property
    def number(self) -> Decimal:
        """How much: `12`, `3000.5`."""
        return Decimal(self.hundredths) / 100
