"""A joint supervision: who takes part, what they say and ask, and what the media would write about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department
from hotline.supervision.models import SupervisionCase
from hotline.tickets.models import Ticket


class JointSupervision(Base):
    """Opened over one ticket, with the numbered case by which the department was told. It goes on until
    `ended_at`."""

    __tablename__ = "joint_supervision"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    result: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    case: Mapped[SupervisionCase] = relationship()
    partners: Mapped[list[Department]] = relationship(secondary="joint_partner", order_by=Department.code)
    notes: Mapped[list["JointNote"]] = relationship(
        order_by="JointNote.id", cascade="all, delete-orphan", back_populates="joint"
    )
    drafts: Mapped[list["JointDraft"]] = relationship(order_by="JointDraft.id", cascade="all, delete-orphan")


class JointPartner(Base):
    """An office that takes part beside the hotline."""

    __tablename__ = "joint_partner"

    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_supervision.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class NoteKind(StrEnum):
    """Something to know, or something that another party is to answer."""

    NOTE = "note"
    QUESTION = "question"


class JointNote(Base):
    """What one party says or asks; a question waits until another party has answered it."""

    __tablename__ = "joint_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_supervision.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column()
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    author: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(60), default="")
    answered_from_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    joint: Mapped[JointSupervision] = relationship(back_populates="notes")
    department: Mapped[Department] = relationship(foreign_keys=department_id)
    answered_from: Mapped[Department | None] = relationship(foreign_keys=answered_from_id)

    @property
    def waits(self) -> bool:
        """Whether it is a question that nobody has answered."""
        return self.kind is NoteKind.QUESTION and self.answered_at is None


class JointDraft(Base):
    """What the media would tell the public (公开跟进稿), as it was once written: the last one counts."""

    __tablename__ = "joint_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    joint_id: Mapped[int] = mapped_column(ForeignKey("joint_supervision.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    author: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)

    department: Mapped[Department] = relationship()
