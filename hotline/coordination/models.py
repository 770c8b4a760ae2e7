"""Who coordinates a ticket, what the meetings decided, and what leaders were told."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department, User
from hotline.tickets.models import Ticket


class Coordinator(Base):
    """Somebody was named to bring the departments together (协调人); the newest naming counts."""

    __tablename__ = "coordinator"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    named_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class CoordinationMeeting(Base):
    """A meeting about a ticket (协调会): who led it, who took part, what was decided."""

    __tablename__ = "coordination_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    held_on: Mapped[date] = mapped_column(Date)
    chair: Mapped[str] = mapped_column(String(60))
    decisions: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    departments: Mapped[list[Department]] = relationship(
        secondary="meeting_department", order_by=Department.code
    )
    recorded_by: Mapped[User | None] = relationship()


class MeetingDepartment(Base):
    """A department that took part."""

    __tablename__ = "meeting_department"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("coordination_meeting.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class LeaderBrief(Base):
    """What leaders are told of a ticket before anything else (报领导), and who has read it first."""

    __tablename__ = "leader_brief"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    sent_by: Mapped[User | None] = relationship(foreign_keys=[sent_by_id])
    read_by: Mapped[User | None] = relationship(foreign_keys=[read_by_id])
