"""Sessions of supervisors with calls, and the audit log."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.event import listens_for
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.database import Base, UtcDateTime
from hotline.people.models import User


class Mode(StrEnum):
    """How a supervisor is with a call."""

    LISTEN = "listen"  # nobody hears it, nothing of it is in any track
    WHISPER = "whisper"  # the agent alone hears the supervisor; in no track
    BARGE = "barge"  # everybody hears, a track of its own
    TAKE_OVER = "take_over"  # as barge, and the agent is let go

    @property
    def is_heard(self) -> bool:
        """Whether anybody hears the supervisor: one at a time on a call."""
        return self is not Mode.LISTEN

    @property
    def joins(self) -> bool:
        """Whether the supervisor takes part in the talk."""
        return self in (Mode.BARGE, Mode.TAKE_OVER)


class SessionEnd(StrEnum):
    """Why a session is over."""

    STOPPED = "stopped"  # by the supervisor
    CALL_OVER = "call_over"
    NOT_ANSWERED = "not_answered"  # the supervisor's telephone was not picked up
    FAILED = "failed"  # the exchange did not take the order


class Deed(StrEnum):
    """What the audit log tells of."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"
    STOP = "stop"
    PAUSE_SEAT = "pause_seat"
    SIGN_OFF_SEAT = "sign_off_seat"
    MOVE_CALLER = "move_caller"
    END_CALL = "end_call"
    PLAN_LIVE = "plan_live"
    SURGE_ON = "surge_on"
    SURGE_OFF = "surge_off"
    CREATE_USER = "create_user"  # details: the department, or that a sheet was imported
    RENAME_USER = "rename_user"
    MOVE_USER = "move_user"
    GRANT_ROLE = "grant_role"  # details: the role
    WITHDRAW_ROLE = "withdraw_role"
    DEACTIVATE_USER = "deactivate_user"
    REACTIVATE_USER = "reactivate_user"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - no password, a deed
    RESET_FACTOR = "reset_factor"
    CREATE_DEPARTMENT = "create_department"  # details of all four: its code
    EDIT_DEPARTMENT = "edit_department"
    CLOSE_DEPARTMENT = "close_department"
    OPEN_DEPARTMENT = "open_department"
    ANSWER_FINDING = "answer_finding"  # details: which finding, and what was answered
    FAILED = "failed"  # what was ordered just before could not be done


ON_PEOPLE = (
    Deed.CREATE_USER,
    Deed.RENAME_USER,
    Deed.MOVE_USER,
    Deed.GRANT_ROLE,
    Deed.WITHDRAW_ROLE,
    Deed.DEACTIVATE_USER,
    Deed.REACTIVATE_USER,
    Deed.RESET_PASSWORD,
    Deed.RESET_FACTOR,
)
"""What administrators do to somebody's account."""


class MonitoringSession(Base):
    """A supervisor with a call, from `started_at` until `ended_at`. A supervisor has one at a time.

    `channel_id` is the uniqueid of the supervisor's leg; `joined_at` is since when it is in the talk.
    """

    __tablename__ = "monitoring_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    extension: Mapped[str] = mapped_column(String(10))
    channel_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    mode: Mapped[Mode] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[SessionEnd | None] = mapped_column()

    call: Mapped[Call] = relationship()
    supervisor: Mapped[User] = relationship(foreign_keys=[supervisor_id])
    agent: Mapped[User | None] = relationship(foreign_keys=[agent_id])

    __table_args__ = (
        Index(
            "uq_monitoring_session_open",
            "supervisor_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class AuditEntry(Base):
    """One line of the audit log: who did what to whom, when and why. Never changed, never deleted.

    Names are kept as they were. `whom` is the agent concerned; `details` are ids and codes (where a caller
    was moved to), never a citizen's number or words.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(60))
    deed: Mapped[Deed] = mapped_column()
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"), index=True)
    whom_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    whom_name: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[str] = mapped_column(String(60), default="")

    call: Mapped[Call | None] = relationship()


class AuditIsAppendOnly(RuntimeError):
    """Somebody tried to change or delete a line of the audit log."""


@listens_for(AuditEntry, "before_update")
@listens_for(AuditEntry, "before_delete")
def _refuse(*_: object) -> None:
    """The database refuses it too (a trigger of the migration); this names the mistake sooner."""
    raise AuditIsAppendOnly("the audit log is never changed")
