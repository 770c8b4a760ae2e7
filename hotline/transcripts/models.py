"""Recordings of calls and their texts. The audio itself lies in the spool; here are its facts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.database import Base, UtcDateTime


class RecordingState(StrEnum):
    """Where a recording is on its way to text."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    SET_ASIDE = "set_aside"  # three tries failed: listen to the recording


class Speaker(StrEnum):
    """Who is heard on a track."""

    CALLER = "caller"
    AGENT = "agent"
    THIRD = "third"
    SUPERVISOR = "supervisor"
    MIX = "mix"
    MESSAGE = "message"  # the caller, into the message box


class Recording(Base):
    """The audio of one call: a folder below the spool, with one track a speaker and a mix."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    folder: Mapped[str] = mapped_column(String(200))
    state: Mapped[RecordingState] = mapped_column(default=RecordingState.PENDING)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(200), default="")
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    model_name: Mapped[str] = mapped_column(String(80), default="")
    model_hash: Mapped[str] = mapped_column(String(64), default="")
    transcribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()
    tracks: Mapped[list["Track"]] = relationship(back_populates="recording", order_by="Track.id")


class Track(Base):
    """One file: one speaker alone, or the mix. `path` is relative to the spool; `starts_s` is its offset
    in seconds from the start of the call's recording."""

    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), index=True)
    speaker: Mapped[Speaker] = mapped_column()
    path: Mapped[str] = mapped_column(String(255), unique=True)
    seconds: Mapped[float] = mapped_column()
    starts_s: Mapped[float] = mapped_column(default=0.0)
    sha256: Mapped[str] = mapped_column(String(64), default="")

    recording: Mapped[Recording] = relationship(back_populates="tracks")
    segments: Mapped[list["Segment"]] = relationship(back_populates="track", order_by="Segment.start_s")


class Segment(Base):
    """A timed piece of what one speaker said. Times are seconds from the start of the call's recording;
    `words` is a list of `[word, start_s, end_s, confidence]`."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), index=True)
    start_s: Mapped[float] = mapped_column()
    end_s: Mapped[float] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[list[Any]] = mapped_column(JSON, default=list)

    track: Mapped[Track] = relationship(back_populates="segments")
