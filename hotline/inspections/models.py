"""An inspection and its findings."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.inspections.rules import Manner
from hotline.people.models import Department
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality


class Inspection(Base):
    """Somebody went and looked. The department knows nothing of it before `told_at`; then it corrects every
    finding by `due_at`. It is over with `closed_at`."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    manner: Mapped[Manner] = mapped_column()
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    inspected_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200))
    inspectors: Mapped[str] = mapped_column(String(200))
    account: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    department: Mapped[Department] = relationship()
    ticket: Mapped[Ticket | None] = relationship()
    findings: Mapped[list["InspectionFinding"]] = relationship(
        order_by="InspectionFinding.position", cascade="all, delete-orphan"
    )

    @property
    def ticket_number(self) -> str:
        """The ticket that it was about; empty where there is none, or it is sealed by now."""
        if self.ticket is None or self.ticket.confidentiality is Confidentiality.SEALED:
            return ""
        return self.ticket.number or ""

    @property
    def uncorrected(self) -> list["InspectionFinding"]:
        """Findings that the department has not answered."""
        return [finding for finding in self.findings if finding.corrected_at is None]


class InspectionFinding(Base):
    """One thing that was found wrong (发现的问题), and what the department did about it (整改).

    `correction` is what it says now, `corrections` everything that it ever said.
    """

    __tablename__ = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    correction: Mapped[str] = mapped_column(Text, default="")
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrected_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    corrections: Mapped[list["InspectionCorrection"]] = relationship(
        order_by="InspectionCorrection.id", cascade="all, delete-orphan"
    )

    @property
    def earlier(self) -> list["InspectionCorrection"]:
        """What the department said before it said something else, oldest first."""
        return self.corrections[:-1]


class InspectionCorrection(Base):
    """What a department said about a finding, once. Only ever added to."""

    __tablename__ = "inspection_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("inspection_finding.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
