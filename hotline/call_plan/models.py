"""Versions of the call plan, and the switch of surge mode."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from hotline.call_plan.document import Plan
from hotline.database import Base, UtcDateTime


class PlanState(StrEnum):
    """Where a version is in its life."""

    DRAFT = "draft"
    LIVE = "live"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


class CallPlan(Base):
    """One version of the plan. One draft and one live version at most; `revision` counts the draft's changes,
    so that of two people who edit the same state the second is told."""

    __tablename__ = "call_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int | None] = mapped_column(unique=True)
    """Counts what has gone live; a draft gets its number then, and a discarded one has none."""
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    revision: Mapped[int] = mapped_column(default=0)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    based_on: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column()
    author_name: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "uq_call_plan_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_call_plan_live",
            "state",
            unique=True,
            sqlite_where=text("state = 'live'"),
            postgresql_where=text("state = 'live'"),
        ),
    )

    @property
    def plan(self) -> Plan:
        """The document, read."""
        return Plan.model_validate(self.document)


class Surge(Base):
    """Surge mode was switched on; it is on until `off_at`. `is_on` is True or None, never False: unique, so
    that it is on once at most. The words of the banner are public."""

    __tablename__ = "surge"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool | None] = mapped_column(default=True, unique=True)
    banner_zh: Mapped[str] = mapped_column(String(120), default="")
    banner_en: Mapped[str] = mapped_column(String(240), default="")
    category_code: Mapped[str] = mapped_column(String(40), default="")
    """What the calls are about, as far as can be said, offered to agents for their drafts; empty: nothing."""
    district: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    """The incident with which it ends, where one switched it on."""
    on_at: Mapped[datetime] = mapped_column(UtcDateTime)
    on_by_id: Mapped[int | None] = mapped_column()
    on_by_name: Mapped[str] = mapped_column(String(60))
    off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    off_by_id: Mapped[int | None] = mapped_column()
    off_by_name: Mapped[str] = mapped_column(String(60), default="")
