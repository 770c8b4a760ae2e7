"""What was understood while a call lasted. It stands until the transcript of the recording replaces it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime
from hotline.transcripts.models import Speaker

LONGEST_LABEL = 120


class LiveSegment(Base):
    """One utterance of one speaker. Times are seconds since the call began (`Call.started_at`); `words` is a
    list of `[word, start_s, end_s, confidence]`."""

    __tablename__ = "live_segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Under which pages know the utterance, from its first word on."""
    speaker: Mapped[Speaker] = mapped_column()
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    """Of a third party, or of an agent: who it is."""
    start_s: Mapped[float] = mapped_column()
    end_s: Mapped[float] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[list[Any]] = mapped_column(JSON, default=list)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
