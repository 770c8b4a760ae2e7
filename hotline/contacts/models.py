"""The contact."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
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
    letter: Mapped["MailLetter | None"] = relationship(back_populates="contact")


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


class LetterFault(StrEnum):
    """Why no draft was made of a letter."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NO_WORDS = "no_words"
    TOO_MANY = "too_many"  # of one sender


class NoAnswer(StrEnum):
    """Why no letter of ours answers one."""

    AUTOMATIC = "automatic"  # a program wrote it, or it went to many
    OWN = "own"  # it comes from our own address
    NO_ADDRESS = "no_address"  # none that a letter can be sent to
    EARLIER = "earlier"  # it came before letters were answered


class MailLetter(Base):
    """A letter that came to the mailbox. `key` is a digest of its Message-ID, or of itself where it has none.

    `contact` is there unless it was set aside (`fault`), which somebody sees to, or joined a ticket.
    `left_out` are the names of its attachments; `is_cut`: the text in the matter is not all of it.
    `message_id` is for the answer to name, empty where it had none; `tongue` is what its sender reads, `zh`
    or `en`.

    `answered` is the ticket to whose citizen we wrote what it answers. Without `contact` it went to that
    ticket; with it the ticket took nothing any more, and it is a matter of its own.
    """

    __tablename__ = "mail_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), unique=True)
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sender: Mapped[str] = mapped_column(String(254), default="", index=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    left_out: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_cut: Mapped[bool] = mapped_column(default=False)
    fault: Mapped[LetterFault | None] = mapped_column()
    message_id: Mapped[str] = mapped_column(String(250), default="")
    tongue: Mapped[str] = mapped_column(String(2), default="zh")
    no_answer: Mapped[NoAnswer | None] = mapped_column()
    answered_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    contact: Mapped[Contact | None] = relationship(back_populates="letter")
    answered: Mapped["Ticket | None"] = relationship()
