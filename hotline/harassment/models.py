"""The list of barred callers with its whole history."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User


class BarState(StrEnum):
    """Where a proposal stands. An approved one is over at its `ends_at`, without anybody doing anything."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVOKED = "revoked"


class BarReason(StrEnum):
    """What the caller does; being often right, loud or annoying is none of these."""

    ABUSE = "abuse"  # insults and threats against the agents
    OBSCENE = "obscene"
    SILENT = "silent"  # calls again and again and says nothing
    PRANK = "prank"  # invented emergencies and matters
    ADVERTISING = "advertising"
    MACHINE = "machine"  # an automatic dialler


class BarredCaller(Base):
    """One proposal to answer a number by the message box, and what became of it."""

    __tablename__ = "barred_caller"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30))
    reason: Mapped[BarReason] = mapped_column()
    details: Mapped[str] = mapped_column(Text)
    call_ids: Mapped[list[int]] = mapped_column(JSON)
    days: Mapped[int] = mapped_column()
    state: Mapped[BarState] = mapped_column(default=BarState.PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(500), default="")
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    revoked_by: Mapped[User | None] = relationship(foreign_keys=revoked_by_id)

    __table_args__ = (Index("ix_barred_caller_number_state", "number", "state"),)

    def in_force(self, now: datetime) -> bool:
        """Whether calls of this number go to the message box at `now`."""
        return self.state is BarState.APPROVED and self.ends_at is not None and self.ends_at > now
