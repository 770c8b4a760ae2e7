"""Versions of the city's own deadline profile."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.database import Base, UtcDateTime
from hotline.deadlines.places import profile_of_limits, read
from hotline.deadlines.profiles import Limit, Profile

OWN = "city-"
"""What the names of the city's own versions begin with: `city-3`."""


class VersionState(StrEnum):
    """Where a version is in its life; whether it is in force is a question of the time."""

    DRAFT = "draft"
    APPROVED = "approved"
    CALLED_OFF = "called_off"
    DISCARDED = "discarded"


class DeadlineVersion(Base):
    """One version of the city's own limits. One draft at most; `revision` counts its changes, so that of two
    people who edit the same state the second is told. `writer_ids` are all who wrote in it: none of them puts
    it in force. Tickets keep its name, so no approved one is ever changed or deleted."""

    __tablename__ = "deadline_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[VersionState] = mapped_column(default=VersionState.DRAFT)
    revision: Mapped[int] = mapped_column(default=0)
    limits: Mapped[dict[str, Any]] = mapped_column(JSON)
    based_on: Mapped[str] = mapped_column(String(40))
    writer_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    written_by: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200), default="")
    in_force_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by: Mapped[str] = mapped_column(String(60), default="")
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str] = mapped_column(String(60), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[str] = mapped_column(String(200), default="")
    """Who called it off before it was in force, or threw the draft away, when and why."""

    __table_args__ = (
        Index(
            "uq_deadline_version_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    @property
    def name(self) -> str:
        """As tickets keep it: `city-3`."""
        return f"{OWN}{self.version}"

    @property
    def read_limits(self) -> dict[str, Limit]:
        """Place by place; a draft may lack some."""
        return read(self.limits)

    @property
    def profile(self) -> Profile:
        """The version as a profile. Raises `KeyError` while a draft lacks a limit."""
        return profile_of_limits(self.name, self.read_limits)
