"""What a citizen asks of the hotline, and what it decided."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.tickets.models import Ticket


class AppealKind(StrEnum):
    """What the citizen wants: the last three of a ticket that has ended."""

    WITHDRAWAL = "withdrawal"  # a department has it, and need not handle it
    RELAPSE = "relapse"  # it was solved, and is back
    NEW_FACTS = "new_facts"
    OBJECTION = "objection"  # the answer, the closing or the refusal is wrong


class AppealState(StrEnum):
    """What became of it."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    PRESSED = "pressed"  # somebody pressed the citizen to withdraw: the ticket goes on
    DROPPED = "dropped"  # the ticket went another way meanwhile


class Appeal(Base):
    """One request. `asked_by_id` is the agent who wrote it down, None where the citizen did on their page.

    `freely`: what the hotline's call about a withdrawal has found, None before; `tries` are calls that
    reached nobody. `decision` is told to the citizen; `finding` is not.
    """

    __tablename__ = "appeal"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[AppealKind] = mapped_column()
    state: Mapped[AppealState] = mapped_column(default=AppealState.ASKED, index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    words: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    freely: Mapped[bool | None] = mapped_column()
    finding: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")

    ticket: Mapped[Ticket] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    checked_by: Mapped[User | None] = relationship(foreign_keys=[checked_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
