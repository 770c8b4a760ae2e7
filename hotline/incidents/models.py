"""Incidents with their history, and signals that many citizens tell of the same."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.tickets.models import Ticket


class IncidentState(StrEnum):
    """Whether it still goes on."""

    OPEN = "open"
    OVER = "over"


class Step(StrEnum):
    """What was done with an incident."""

    OPENED = "opened"
    CHANGED = "changed"
    TOLD = "told"  # callers hear of it from now on
    HUSHED = "hushed"  # callers do not hear of it any more
    CLOSED = "closed"


class Incident(Base):
    """Something that many citizens call about (突发事件): one burst main, 200 calls.

    `master` is the ticket that is handled; the others are merged under it. `known` is for agents, `told_zh`
    and `told_en` are for citizens, `demand` is what callers usually ask for. `revision` counts the changes,
    so that of two people who edit the same state the second is told.
    """

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[IncidentState] = mapped_column(default=IncidentState.OPEN, index=True)
    title: Mapped[str] = mapped_column(String(80))
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    district: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    known: Mapped[str] = mapped_column(Text, default="")
    demand: Mapped[str] = mapped_column(String(200))
    told_zh: Mapped[str] = mapped_column(String(120), default="")
    told_en: Mapped[str] = mapped_column(String(240), default="")
    expected_end_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    master_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=0)

    master: Mapped[Ticket] = relationship()
    lines: Mapped[list["IncidentLine"]] = relationship(order_by="IncidentLine.id")

    __table_args__ = (
        Index(
            "uq_incident_open_master",
            "master_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class IncidentLine(Base):
    """One immutable line of an incident's history. `changes` holds `[before, after]` by the field's name."""

    __tablename__ = "incident_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    step: Mapped[Step] = mapped_column()
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    actor_roles: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class GroupSignal(Base):
    """Many citizens told of the same in one place (群体信号); open until somebody decides on it.

    How many they are is counted when it is shown and kept only with the decision: `incident_id` where an
    incident was opened, a reason alone where there is none. `seen_at` is when the group was last found large
    enough: it cannot be so now if that is longer ago than tickets are counted.
    """

    __tablename__ = "group_signal"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    district: Mapped[str] = mapped_column(String(40), default="")
    place: Mapped[str] = mapped_column(String(200))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    citizens: Mapped[int | None] = mapped_column()
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))

    __table_args__ = (
        Index("ix_group_signal_where", "category_code", "district", "place"),
        Index(
            "uq_group_signal_open",
            "category_code",
            "district",
            "place",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )


class GroupLogPosition(Base):
    """How far of the event log has been looked through for groups; one row."""

    __tablename__ = "group_log_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int] = mapped_column()
