"""Who ordered which ticket's file, why, for whom, and how far it is."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.tickets.models import Ticket

LONGEST_RECEIVER = 120
LONGEST_REASON = 200


class Ground(StrEnum):
    """Why a file leaves the house."""

    ACCESS = "access"  # the citizen asks what is kept of them (PIPL, article 45): nothing internal
    HAND_OVER = "hand_over"  # a court, an office, an archive: all of it


class DossierState(StrEnum):
    """How far it is."""

    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"  # kept long enough; the line stays


class Dossier(Base):
    """One order. `parts` are what goes into the ZIP, in order; the first `done` of them are in it.

    What is inside is what `ordered_by` may read. `begun_at` stands while somebody writes a part: found by the
    next one, the last one died, and the ZIP is made anew.
    """

    __tablename__ = "dossier"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    ground: Mapped[Ground] = mapped_column()
    receiver: Mapped[str] = mapped_column(String(LONGEST_RECEIVER))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[DossierState] = mapped_column(default=DossierState.MAKING)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When the next part is made; of one that is ready, when it goes."""
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    parts: Mapped[list[str]] = mapped_column(JSON)
    done: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Parts that are not there any more: a file or a sound that the disk does not have."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The first time that it was downloaded; each time is a line of the ticket's history."""

    ticket: Mapped[Ticket] = relationship()
    ordered_by: Mapped[User] = relationship()
