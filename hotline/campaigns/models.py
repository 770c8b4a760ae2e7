"""A campaign and the tickets that it names."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.campaigns.rules import Kind
from hotline.database import Base, UtcDateTime
from hotline.people.models import Department


class Campaign(Base):
    """Tickets that one department has to go through by a day. It is over with `closed_at`, and a summary."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column()
    title: Mapped[str] = mapped_column(String(120))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    summary: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cause: Mapped[str] = mapped_column(Text, default="")
    """What the first matter came of: what is looked for at the other places."""
    source_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    """The ticket from which a sweep began."""

    department: Mapped[Department] = relationship()
    points: Mapped[list["CampaignPoint"]] = relationship(order_by="CampaignPoint.id")


class CampaignTicket(Base):
    """One ticket that a campaign names."""

    __tablename__ = "campaign_ticket"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)


class CampaignPoint(Base):
    """A place to look at (排查点位): planned, seen on `seen_on`, with a fault or without, put right."""

    __tablename__ = "campaign_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    place: Mapped[str] = mapped_column(String(120))
    seen_on: Mapped[date | None] = mapped_column(Date)
    has_fault: Mapped[bool | None] = mapped_column()
    finding: Mapped[str] = mapped_column(Text, default="")
    fix_by: Mapped[date | None] = mapped_column(Date)
    fixed_on: Mapped[date | None] = mapped_column(Date)
    measure: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    def is_late(self, today: date) -> bool:
        """Whether a fault is there that was to be put right before today."""
        return self.fix_by is not None and self.fixed_on is None and self.fix_by < today
