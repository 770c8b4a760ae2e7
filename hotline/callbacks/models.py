"""Each try to call back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call, OwedCallback
from hotline.database import Base, UtcDateTime
from hotline.people.models import User


class CallbackOutcome(StrEnum):
    """What became of one try."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NO_AGENT = "no_agent"  # none of ours was free, or the PBX took no order: the citizen was never rung
    FAILED = "failed"  # ours: the PBX or the network


class CallbackAttempt(Base):
    """One try. `call` is its own telephone call; `by` the agent who began it, None for the hotline itself."""

    __tablename__ = "callback_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    owed_callback_id: Mapped[int] = mapped_column(ForeignKey("owed_callback.id"), index=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[CallbackOutcome | None] = mapped_column()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    owed: Mapped[OwedCallback] = relationship()
    call: Mapped[Call] = relationship()
    by: Mapped[User | None] = relationship()
