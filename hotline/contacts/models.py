"""The contact."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.tickets.states import Channel

if TYPE_CHECKING:
    from hotline.tickets.models import Ticket


class Contact(Base):
    """One call, web form, letter or message (来电/来件). May produce any number of tickets.

    `source_ref` is unique within a channel: the linkedid of a call, the number of a letter.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column()
    source_ref: Mapped[str] = mapped_column(String(80), unique=True)
    number: Mapped[str] = mapped_column(String(30), default="", index=True)
    number_withheld: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)

    tickets: Mapped[list["Ticket"]] = relationship(back_populates="contact", order_by="Ticket.id")
