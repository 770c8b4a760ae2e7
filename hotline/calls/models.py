"""Calls as the hotline sees them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.contacts.models import Contact
from hotline.database import Base, UtcDateTime
from hotline.people.models import User


class CallState(StrEnum):
    """Where the citizen of a call is."""

    GREETING = "greeting"
    WAITING = "waiting"
    TALKING = "talking"
    BROKEN = "broken"  # the agent's line broke: music, and the same agent is fetched back
    PARTING = "parting"  # the agent has hung up; the caller hears the last words
    ENDED = "ended"


class CallEnd(StrEnum):
    """How a call came to its end."""

    TALKED = "talked"
    ABANDONED = "abandoned"  # the caller hung up before anybody answered
    UNANSWERED = "unanswered"  # nobody answered in time; the caller was told so
    CUT_OFF = "cut_off"  # broken by us
    CALLBACK = "callback"  # the caller asked to be called back, and keeps their place


class SeatState(StrEnum):
    """What an agent's seat is doing."""

    OFFLINE = "offline"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    BROKEN = "broken"  # the line broke in a talk; the call is coming back
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


class CallbackReason(StrEnum):
    """Why a callback is owed."""

    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    CUT_OFF = "cut_off"
    REQUESTED = "requested"  # by key, while waiting


class CallbackState(StrEnum):
    """Where an owed callback stands."""

    WAITING = "waiting"  # in the line, from `due_at` on
    CALLING = "calling"
    PERSON = "person"  # the hotline tried in vain: somebody looks
    DONE = "done"


class Call(Base):
    """A citizen's whole call to the hotline (`linkedid` of Asterisk's channel events)."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    linkedid: Mapped[str] = mapped_column(String(80), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    dialled: Mapped[str] = mapped_column(String(30))
    state: Mapped[CallState] = mapped_column(default=CallState.GREETING, index=True)
    end: Mapped[CallEnd | None] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ringing_extension: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str] = mapped_column(String(32), default="")
    """Telephone of the call plan, no seat's, that rings for the call or has answered it; else empty."""
    pbx: Mapped[str] = mapped_column(String(12), default="", index=True)
    """Which Asterisk has it (`Settings.pbx_name`); empty where there is one only."""
    outgoing: Mapped[bool] = mapped_column(default=False)
    """The hotline calls the citizen (an owed callback): until an agent is there, nobody waits on the line."""
    skill: Mapped[str] = mapped_column(String(20), default="")
    """Line that the caller waits in; empty is the general one."""
    tongue: Mapped[str] = mapped_column(String(40), default="")
    """Code of the call plan's language or dialect that the caller chose or the number has; empty if none."""
    way: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Where the call has been before, in order: see `hotline.calls.way`."""
    head_start_seconds: Mapped[int] = mapped_column(default=0)
    """The place in the line is that of a caller who came so much earlier."""
    estimated_seconds: Mapped[int | None] = mapped_column()
    """What the caller was first told of the wait, from `estimated_at` on."""
    estimated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told: Mapped[str] = mapped_column(String(20), default="")
    """Place and minutes that the caller hears at present, as `3/5`."""
    message_left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[int | None] = mapped_column()
    """How the caller was served, by key: 1 very well to 5 very badly."""
    disposition: Mapped[str] = mapped_column(String(30), default="")
    """How it went, as the agent says: a code of `dispositions.toml`."""
    disposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contact: Mapped[Contact] = relationship()
    agent: Mapped[User | None] = relationship()
    legs: Mapped[list["CallLeg"]] = relationship(back_populates="call", order_by="CallLeg.id")

    # What an agent answered today, of all their calls; the last talks, for the wait that callers are told,
    # and the few calls that were told one. The few that go on, for the board, which asks every few seconds.
    __table_args__ = (
        Index(
            "ix_call_live",
            "started_at",
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
        Index("ix_call_agent_answered", "agent_id", "answered_at"),
        Index("ix_call_ended_at", "ended_at"),
        Index(
            "ix_call_estimated",
            "answered_at",
            sqlite_where=text("estimated_at IS NOT NULL"),
            postgresql_where=text("estimated_at IS NOT NULL"),
        ),
    )

    @property
    def place_at(self) -> datetime:
        """By which callers are served: when they came, less their head start."""
        return (self.queued_at or self.started_at) - timedelta(seconds=self.head_start_seconds)

    @property
    def wait_seconds(self) -> float | None:
        """From the queue to the agent's answer; None if nobody answered."""
        if self.answered_at is None or self.queued_at is None:
            return None
        return (self.answered_at - self.queued_at).total_seconds()


class CallLeg(Base):
    """One channel of a call. `role` is caller, agent or third."""

    __tablename__ = "call_leg"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    uniqueid: Mapped[str] = mapped_column(String(80), unique=True)
    channel: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(10))
    extension: Mapped[str | None] = mapped_column(String(10))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Who sat at the seat then."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ring_seconds: Mapped[float | None] = mapped_column()
    talk_seconds: Mapped[float | None] = mapped_column()
    hold_seconds: Mapped[float | None] = mapped_column()
    """These three, and `spans`, come from the channel events once the call is over; None until then."""
    wrap_seconds: Mapped[float | None] = mapped_column()
    """The wrap-up after this leg, until the seat did something else."""
    spans: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """See `hotline.calls.timeline.Span.as_json`."""

    call: Mapped[Call] = relationship(back_populates="legs")
    agent: Mapped[User | None] = relationship()

    __table_args__ = (Index("ix_call_leg_agent_started", "agent_id", "started_at"),)


class Seat(Base):
    """An agent's place on the telephone: what it does, since when, and whether its phone is registered."""

    __tablename__ = "seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    extension: Mapped[str] = mapped_column(String(10), unique=True)
    state: Mapped[SeatState] = mapped_column(default=SeatState.OFFLINE)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(60), default="")
    registered: Mapped[bool] = mapped_column(default=False)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id"))
    wrap_up_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wrap_up_seconds: Mapped[int | None] = mapped_column()
    """Of this agent alone; None: as the line, or the settings, say."""
    misses: Mapped[int] = mapped_column(default=0)
    """Calls in a row that the seat let ring."""
    next_state: Mapped[SeatState | None] = mapped_column()
    """What the seat becomes in place of ready, once its call and wrap-up are over (a supervisor's order)."""
    next_reason: Mapped[str] = mapped_column(String(60), default="")
    called_in: Mapped[bool] = mapped_column(default=False)
    """Taken from the reserve by surge mode (`hotline.queueing.reserve`), and going back there after it."""

    user: Mapped[User] = relationship()
    call: Mapped[Call | None] = relationship()


class OwedCallback(Base):
    """A callback that we owe a caller who did not reach anybody. One open one a number.

    `joined_at` is its place in the line: it is served as if the caller had waited since then.
    """

    __tablename__ = "owed_callback"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), unique=True)
    number: Mapped[str] = mapped_column(String(30))
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    state: Mapped[CallbackState] = mapped_column(default=CallbackState.WAITING)
    reason: Mapped[CallbackReason] = mapped_column(default=CallbackReason.ABANDONED)
    skill: Mapped[str] = mapped_column(String(20), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_reason: Mapped[str] = mapped_column(String(200), default="")
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    call: Mapped[Call] = relationship()

    __table_args__ = (
        Index(
            "uq_owed_callback_open_number",
            "number",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )


class Pbx(Base):
    """One Asterisk of a hotline that has several, as its own `hotline ivr` last told."""

    __tablename__ = "pbx"

    name: Mapped[str] = mapped_column(String(12), primary_key=True)
    up: Mapped[bool] = mapped_column()
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Last sign of life; one that is silent for `hotline.calls.machines.SILENCE` is counted as down."""
    closing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """About to be stopped: it takes no new calls until then; None if it takes them."""
    going_on: Mapped[int] = mapped_column(default=0)
    """How many calls it is waited for, while it is closing."""


class SeatLine(Base):
    """A seat's telephone is registered at this Asterisk. `Seat.registered` is true while there is one."""

    __tablename__ = "seat_line"

    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    pbx: Mapped[str] = mapped_column(String(12), primary_key=True)
