"""What people put in the place of spoken prompts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime


class Voice(StrEnum):
    """Whose voice a version has."""

    MACHINE = "machine"  # the text, spoken by the synthesiser
    UPLOADED = "uploaded"  # a file
    HEADSET = "headset"  # recorded on a headset


class PromptVersion(Base):
    """One version of a prompt in one language, kept for good. Where none is in use, the machine speaks the
    text that comes with the hotline."""

    __tablename__ = "prompt_version"
    __table_args__ = (Index("ix_prompt_version_language_name", "language", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(5))
    name: Mapped[str] = mapped_column(String(60))
    voice: Mapped[Voice]
    text: Mapped[str] = mapped_column(String(1000))
    sound: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """WAV, 8 kHz, 16 bits, mono; none where the machine speaks."""
    seconds: Mapped[float | None]
    in_use: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_by: Mapped[str] = mapped_column(String(60), default="")
