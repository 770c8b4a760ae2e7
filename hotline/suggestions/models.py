"""What became of suggestions: material for learning, without anybody's name, number or address."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime
from hotline.suggestions.values import Field


class Outcome(StrEnum):
    """What the agent made of a suggestion."""

    TAKEN = "taken"
    CHANGED = "changed"
    LEFT = "left"  # the field stayed empty


class SuggestionChoice(Base):
    """One suggestion beside what the agent wrote. No ticket and no person is named.

    `suggested` and `chosen` are kept only where they are words of a list (type, category, urgency); of an
    address or a name only whether it was taken. `text` is the caller's, masked and without places.
    """

    __tablename__ = "suggestion_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    field: Mapped[Field] = mapped_column()
    outcome: Mapped[Outcome] = mapped_column()
    suggested: Mapped[str] = mapped_column(String(60), default="")
    chosen: Mapped[str] = mapped_column(String(60), default="")
    confidence: Mapped[float] = mapped_column()
    text: Mapped[str] = mapped_column(Text, default="")
