"""Files of departments and of citizens: what is known of each. Their bytes: `hotline/evidence/store.py`."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.evidence.kinds import Kind
from hotline.people.models import Department, User


class Purpose(StrEnum):
    """What a file is for (rulebook B1, reply form)."""

    HANDLING = "handling"  # 办理附件: what was done
    CONTACT = "contact"  # 联系证据: that the citizen was spoken with
    DOCUMENT = "document"  # 证件: a paper of the citizen's


class Attachment(Base):
    """A file of a department on a ticket; `reply_id` where it came with a reply.

    One that was withdrawn stays, with the reason, and its bytes stay for auditors.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[Purpose] = mapped_column()
    kind: Mapped[Kind] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")

    department: Mapped[Department] = relationship()
    added_by: Mapped[User] = relationship(foreign_keys=added_by_id)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the department has taken it back."""
        return self.withdrawn_at is not None


class Enclosure(Base):
    """A file of the citizen's own: sent along with a matter on the web page, or with something to add."""

    __tablename__ = "enclosure"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[Kind] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64), index=True)
