"""The event log: what happened, in the past tense, in the order of its happening.

Written in the same transaction as the change itself; every console process follows it and streams it to its
browsers. A payload holds ids and states, never a citizen's number, name or words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.database import Base, UtcDateTime

_LOG_LOCK = 12345


class Event(Base):
    """One line of the log. `kind` is like `call.answered`, `subject` like `call:12` or `ticket:7`."""

    __tablename__ = "event_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = ({"sqlite_autoincrement": True},)  # ids are never reused: browsers remember the last one


def record(session: Session, at: datetime, kind: str, subject: str, **payload: Any) -> None:
    """Add a line to the log, in the caller's transaction."""
    if session.get_bind().dialect.name == "postgresql":
        # Ids must become visible in their order, or a reader that remembers the last one would miss a line.
        session.execute(select(func.pg_advisory_xact_lock(_LOG_LOCK)))
    session.add(Event(at=at, kind=kind, subject=subject, payload=payload))


def since(session: Session, last_id: int, limit: int = 500) -> Sequence[Event]:
    """Events after `last_id`, oldest first."""
    return session.scalars(select(Event).where(Event.id > last_id).order_by(Event.id).limit(limit)).all()


def latest_id(session: Session) -> int:
    """The id of the newest event, 0 if nothing has happened yet."""
    return session.scalar(select(func.max(Event.id))) or 0
