"""What was referred to another body, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department, User
from hotline.tickets.models import Ticket
from hotline.tickets.states import ScreeningClass


class ReferralState(StrEnum):
    """Where a referral stands."""

    WAITING = "waiting"  # for the receipt
    TAKEN = "taken"  # by the media, whose result is waited for
    ENDED = "ended"
    SENT_BACK = "sent_back"


class Referral(Base):
    """A ticket that another body has been asked to take, with why, and its receipt (转交件).

    `receipt_by` is promised and stays; `due_at` is when the sweep looks, None when it need not. `result` is
    what the media report, `back_reason` why the body sent it back.
    """

    __tablename__ = "referral"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    screening_class: Mapped[ScreeningClass] = mapped_column()
    state: Mapped[ReferralState] = mapped_column(default=ReferralState.WAITING, index=True)
    reason: Mapped[str] = mapped_column(Text)
    referred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    referred_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    receipt_by: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    receipt: Mapped[str] = mapped_column(String(100), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(Text, default="")
    back_reason: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    body: Mapped[Department] = relationship()
    referred_by: Mapped[User | None] = relationship()
