"""The event log: what happened, in the past tense, in the order of its happening.

Written in the same transaction as the change itself; every console process follows it and streams it to its
browsers. A payload holds ids and states, never a citizen's number, name or words.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, String, func, insert, select, text
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Mapped, Session, mapped_column

from hotline.built_once import built_once
from hotline.database import Base, UtcDateTime

LOG_LOCK = 12345
_TOLD = "events of this transaction"


class Event(Base):
    """One line of the log. `kind` is like `call.answered`, `subject` like `call:12` or `ticket:7`."""

    __tablename__ = "event_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = ({"sqlite_autoincrement": True},)  # ids are never reused: browsers remember the last one


_LOCK_AND_ADD = text(
    "INSERT INTO event_log (at, kind, subject, payload) "
    "SELECT told.at, told.kind, told.subject, told.payload "
    "FROM (SELECT pg_advisory_xact_lock(:lock)) AS log, json_to_recordset(CAST(:told AS json)) "
    "AS told(at timestamptz, kind text, subject text, payload json)"
)


def record(session: Session, at: datetime, kind: str, subject: str, **payload: Any) -> None:
    """Add a line to the log: written when the caller's transaction commits, forgotten if it does not."""
    told = session.info.setdefault(_TOLD, [])
    told.append({"at": at, "kind": kind, "subject": subject, "payload": payload})


@listens_for(Session, "before_commit")
def _write_log(session: Session) -> None:
    """Ids must become visible in their order, or a reader that remembers the last one would miss a line.

    So one writer at a time on PostgreSQL (SQLite has one anyway), and only after everything else of the
    transaction is written: nobody who holds the log waits for a row that somebody else holds. The lock is
    taken in the same round trip: no row is there to be given an id before both sides of the join are.
    """
    told = session.info.pop(_TOLD, None)
    if not told:
        return
    session.flush()
    link = session.connection()  # no entities: every transaction ends with this, and nobody reads these back
    if link.dialect.name == "postgresql":
        link.execute(_LOCK_AND_ADD, {"lock": LOG_LOCK, "told": json.dumps(told, default=_as_text)})
    else:
        link.execute(insert(Event.__table__), told)  # type: ignore[arg-type]


def _as_text(value: datetime) -> str:
    return value.isoformat()


@listens_for(Session, "after_rollback")
def _forget_log(session: Session) -> None:
    session.info.pop(_TOLD, None)


def since(session: Session, last_id: int, limit: int = 500) -> Sequence[Event]:
    """Events after `last_id`, oldest first."""
    return session.scalars(select(Event).where(Event.id > last_id).order_by(Event.id).limit(limit)).all()


def latest_id(session: Session) -> int:
    """The id of the newest event, 0 if nothing has happened yet."""
    return session.scalar(*_latest_id()) or 0


@built_once
def _latest_id() -> Select[tuple[int | None]]:
    return select(func.max(Event.id))
