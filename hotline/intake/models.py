"""What citizens write on the public page."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.contacts.models import Contact
from hotline.database import Base, UtcDateTime


class WebMatter(Base):
    """A contact that a citizen wrote, on the page or by mail.

    `aside_at` is there once somebody has set it aside, and why.
    """

    __tablename__ = "web_matter"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), unique=True)
    aside_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    aside_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    aside_why: Mapped[str] = mapped_column(String(200), default="")

    contact: Mapped[Contact] = relationship()
