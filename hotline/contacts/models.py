"""The contact."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime

if TYPE_CHECKING:
    from hotline.tickets.models import Ticket


class Contact(Base):
    """One call, web form, letter or message (来电/来件). May produce any number of tickets.

    `channel` is a code of the registry (`channels.toml`). `source_ref` is unique: the linkedid of a call, or
    what the page on which it was written in was given.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    source_ref: Mapped[str] = mapped_column(String(80), unique=True)
    number: Mapped[str] = mapped_column(String(30), default="", index=True)
    number_withheld: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tickets: Mapped[list["Ticket"]] = relationship(back_populates="contact", order_by="Ticket.id")
    arrival: Mapped["Arrival | None"] = relationship(back_populates="contact")


class Arrival(Base):
    """How a contact came in that somebody wrote in: its number on the other side, by whom, why so late.

    `source_number` is None where the other side gives none; of one channel each comes in once.
    """

    __tablename__ = "arrival"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    source_number: Mapped[str | None] = mapped_column(String(80))
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    late_reason: Mapped[str] = mapped_column(String(200), default="")

    contact: Mapped[Contact] = relationship(back_populates="arrival")

    __table_args__ = (UniqueConstraint("channel", "source_number"),)
