"""Letters to be sent, and what became of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.outbox.rules import Kind, MailState, Reason
from hotline.tickets.models import Ticket


class OutgoingMail(Base):
    """One letter to the citizen of a ticket. It has neither address nor words: both are read when it is sent.

    `token` makes its Message-ID, the same at each try. `due_at` is when it is tried next; whoever moves it on
    tries. `reason` is why the last try failed, or why it was dropped. Of one that was given up `seen_at` is
    when somebody had looked at it.
    """

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[Kind] = mapped_column()
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[Reason | None] = mapped_column()
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()

    __table_args__ = (Index("ix_outgoing_mail_due", "state", "due_at"),)
