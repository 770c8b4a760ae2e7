"""Steps of the supervision ladder that a ticket has come to, and leaders' instructions."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department
from hotline.supervision.rules import CaseState, Kind, Level, Trigger
from hotline.tickets.models import Ticket


class SupervisionCase(Base):
    """One step of the ladder for one ticket (督办件).

    `occurrence` names what set it off, so that the same thing never makes two. Notices from L2 on have a
    `number`; `due_at` is until when the department has to answer, while it has to.
    """

    __tablename__ = "supervision_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    level: Mapped[Level] = mapped_column()
    kind: Mapped[Kind] = mapped_column(default=Kind.HOTLINE)
    trigger: Mapped[Trigger] = mapped_column()
    occurrence: Mapped[str] = mapped_column(String(80))
    state: Mapped[CaseState] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    title: Mapped[str] = mapped_column(String(40), default="")
    issuer: Mapped[str] = mapped_column(String(40), default="")
    """The city's own title and issuer of the letter, as set when it was issued; empty: the usual."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()

    __table_args__ = (UniqueConstraint("ticket_id", "occurrence"),)

    @property
    def is_answered(self) -> bool:
        """Whether the department has said something that nobody has judged yet."""
        return self.state is CaseState.ANSWERED

    @property
    def can_go_unanswered(self) -> bool:
        """Whether no answer comes from inside: a hand-over, or the ticket has gone to another department."""
        return self.due_at is None or self.ticket.holder_id != self.department_id


class Instruction(Base):
    """What a leader has ordered about a ticket (批示), and what was reported back to them.

    It waits for feedback until `fed_back_at` is set; `case_id` is the case by which the department was told.
    """

    __tablename__ = "instruction"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("supervision_case.id"))
    leader: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    instructed_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    feedback: Mapped[str] = mapped_column(Text, default="")
    fed_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    fed_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()


class LateAlarm(Base):
    """Nobody reported back on a notice, or on a leader's instruction, by `due_at`: told once for each limit.

    Of a notice (`case_id`) the department's leader and the supervision office are told, of an instruction
    (`instruction_id`) the office alone, which has to report to the leader. Each side's first who has seen it
    is on record.
    """

    __tablename__ = "late_alarm"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("supervision_case.id"))
    instruction_id: Mapped[int | None] = mapped_column(ForeignKey("instruction.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    unit_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit_seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    office_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    office_seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    ticket: Mapped[Ticket] = relationship()
    case: Mapped[SupervisionCase | None] = relationship()
    instruction: Mapped[Instruction | None] = relationship()
    department: Mapped[Department | None] = relationship()

    __table_args__ = (UniqueConstraint("case_id", "due_at"), UniqueConstraint("instruction_id", "due_at"))

    @property
    def notice(self) -> str | None:
        """The number of the notice that it is about; None for an instruction."""
        return self.case.number if self.case else None


class NoticeYear(Base):
    """The last number of a notice in a year."""

    __tablename__ = "notice_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
