"""Recordings of calls and their texts. The audio itself lies in the spool; here are its facts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
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
    COMMENT = "comment"  # the citizen, after a question about satisfaction


class Fault(StrEnum):
    """What is wrong with a track, as found when it was closed (`ivr/track_checks.py`)."""

    SILENT = "silent"  # nobody can be heard on it
    CLIPPED = "clipped"  # so loud that it is distorted; `share` of its samples
    SHORT = "short"  # it ends, or begins, inside its leg; `seconds` are missing
    LONG = "long"  # it lasts `seconds` longer than its leg


class Recording(Base):
    """The audio of one call: a folder below the spool, with one track a speaker and a mix.

    Two claims of workers: `due_at` for the first transcript and `keep_due_at` for what is done with the files
    after it (`hotline/transcripts/keeping.py`). `again_by` holds a transcript that is being made anew.
    """

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
    keep_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    again_by: Mapped[str] = mapped_column(String(80), default="")
    again_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    audio_deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()
    earlier: Mapped[list["EarlierTranscript"]] = relationship(
        order_by="EarlierTranscript.id.desc()", cascade="all, delete-orphan"
    )
    tracks: Mapped[list["Track"]] = relationship(back_populates="recording", order_by="Track.id")

    # What was deleted: the sweep asks whether all of it stands in the deletion log.
    __table_args__ = tuple(
        Index(f"ix_recording_{name}", name, sqlite_where=text(gone), postgresql_where=text(gone))
        for name, gone in (
            ("audio_deleted_at", "audio_deleted_at IS NOT NULL"),
            ("text_deleted_at", "text_deleted_at IS NOT NULL"),
        )
    )


class Track(Base):
    """One file: one speaker alone, or the mix. `path` is relative to the spool; `starts_s` is its offset
    in seconds from the start of the call's recording.

    `sha256` is of the file as Asterisk closed it, `samples_sha256` of its samples alone (16 bits, little
    endian), which stays true when the file is kept in another form. `findings` are objects with `fault`
    (a `Fault`) and a number that says how bad it is.
    """

    __tablename__ = "track"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), index=True)
    speaker: Mapped[Speaker] = mapped_column()
    path: Mapped[str] = mapped_column(String(255), unique=True)
    seconds: Mapped[float] = mapped_column()
    starts_s: Mapped[float] = mapped_column(default=0.0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    samples_sha256: Mapped[str] = mapped_column(String(64), default="")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

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


class EarlierTranscript(Base):
    """A transcript that a later one, by another model, has taken the place of.

    `said` is a list of `{"track_id", "start_s", "end_s", "text", "words"}`, in the order of time.
    """

    __tablename__ = "earlier_transcript"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), index=True)
    model_name: Mapped[str] = mapped_column(String(80))
    model_hash: Mapped[str] = mapped_column(String(64))
    transcribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    said: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class CallNotice(Base):
    """What the caller of a call was told before it was recorded, and in which version.

    `prompts` is a list of `{"name", "version", "text"}`: version is the id of a `PromptVersion`, None for the
    words that come with the hotline. `heard_at`: all of it had been played by then and the caller stayed on
    the line, which is the consent; None where a key or the end of the call came first.
    """

    __tablename__ = "call_notice"

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(10), default="")
    tongue: Mapped[str] = mapped_column(String(20), default="")
    plan_version: Mapped[int | None] = mapped_column()
    prompts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
