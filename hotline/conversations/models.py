"""Who takes part in a call, as the telephone says, and what was done during it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.calls.models import Call
from hotline.calls.ports import Meeting
from hotline.database import Base, UtcDateTime
from hotline.people.models import Department, User
from hotline.tickets.models import Ticket

LONGEST_LABEL = 120


class PartyKind(StrEnum):
    """What somebody is to the call."""

    CALLER = "caller"
    AGENT = "agent"
    DEPARTMENT = "department"
    EMERGENCY = "emergency"
    OUTSIDE = "outside"


class PartyState(StrEnum):
    """What somebody does in the call just now."""

    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"  # hears music, or nobody
    LEFT = "left"


class PartyEnd(StrEnum):
    """Why somebody is no longer in the call, or never came."""

    HUNG_UP = "hung_up"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


class Party(Base):
    """Somebody in a call: one channel. `bridge` is the room of Asterisk in which it is, empty for none;
    who is in one room hears each other."""

    __tablename__ = "conversation_party"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    kind: Mapped[PartyKind] = mapped_column()
    state: Mapped[PartyState] = mapped_column(default=PartyState.RINGING)
    meeting: Mapped[Meeting | None] = mapped_column()
    channel_id: Mapped[str] = mapped_column(String(80), unique=True)
    channel: Mapped[str] = mapped_column(String(120), default="")
    bridge: Mapped[str] = mapped_column(String(80), default="")
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL), default="")
    number: Mapped[str] = mapped_column(String(30), default="")
    extension: Mapped[str | None] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    muted: Mapped[bool] = mapped_column(default=False)
    holding: Mapped[bool] = mapped_column(default=False)  # pressed hold on the telephone itself
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[PartyEnd | None] = mapped_column()

    call: Mapped[Call] = relationship()
    user: Mapped[User | None] = relationship()
    department: Mapped[Department | None] = relationship()

    @property
    def is_here(self) -> bool:
        """In the call, heard or on hold; not one that rings or has gone."""
        return self.state in (PartyState.TALKING, PartyState.HELD)

    @property
    def is_third(self) -> bool:
        """Somebody whom the agent rang."""
        return self.meeting is not None


class RecordingPause(Base):
    """A span in which every track of the call holds silence; `until_at` is None while it lasts."""

    __tablename__ = "recording_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    call: Mapped[Call] = relationship()


class HandOver(Base):
    """What was handed to an emergency service with a call: who was asked for, and what they were told."""

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("conversation_party.id"))
    service: Mapped[str] = mapped_column(String(10))
    number_shown: Mapped[bool] = mapped_column()
    summary: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    party: Mapped[Party] = relationship()


class RelayState(StrEnum):
    """How far a relay call has come."""

    DEPARTMENT = "department"  # the department's telephone rings
    CITIZEN = "citizen"  # the department waits, the citizen's telephone rings
    TALKING = "talking"
    OVER = "over"  # they have talked
    FAILED = "failed"  # one of the two was not reached


class Relay(Base):
    """A call between a department and a citizen in which neither sees the other's number."""

    __tablename__ = "relay"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    phone: Mapped[str] = mapped_column(String(30))
    channel_id: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[RelayState] = mapped_column(default=RelayState.DEPARTMENT)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    talked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    ticket: Mapped[Ticket] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (Index("ix_relay_open", "ticket_id", "ended_at"),)
