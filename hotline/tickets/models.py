"""The ticket, its questions and its history."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from hotline.contacts.models import Contact
from hotline.database import Base, UtcDateTime
from hotline.people.actors import Actor
from hotline.tickets.again import AGAIN
from hotline.tickets.lifecycle import transition
from hotline.tickets.states import (
    ComplainantKind,
    Confidentiality,
    KeptOpenBy,
    ScreeningClass,
    State,
    TicketTrack,
    TicketType,
    Urgency,
)

_AGAIN = "event IN (" + ", ".join(f"'{event}'" for event in AGAIN) + ")"


class Ticket(Base):
    """One matter of one citizen, from the first word to the archive (工单).

    The fields are the unified collection schema of rulebook B1. The number and the query code come with
    registration; until then it is a draft. `holder_id` is the department that has it now, `master_id` the
    ticket of the same matter under which it is merged (并单). `kept_open_by`: what of
    supervision keeps it from being closed (`hotline.supervision.holding` writes that down).
    """

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    query_code: Mapped[str | None] = mapped_column(String(12))
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    channel: Mapped[str] = mapped_column(String(20))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)

    complainant_name: Mapped[str] = mapped_column(String(60), default="")
    complainant_phone: Mapped[str] = mapped_column(String(30), default="", index=True)
    complainant_kind: Mapped[ComplainantKind] = mapped_column(default=ComplainantKind.PERSON)
    confidentiality: Mapped[Confidentiality] = mapped_column(default=Confidentiality.NORMAL)
    type: Mapped[TicketType | None] = mapped_column()
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    district: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    occurred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    description: Mapped[str] = mapped_column(Text, default="")
    respondent: Mapped[str] = mapped_column(String(120), default="")
    urgency: Mapped[Urgency] = mapped_column(default=Urgency.NORMAL)
    track: Mapped[TicketTrack] = mapped_column(default=TicketTrack.TIMELY)
    track_ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when what its track asks for before dispatch is done: a coordinator, a brief to leaders."""
    screening_class: Mapped[ScreeningClass | None] = mapped_column()

    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    deadline_profile: Mapped[str] = mapped_column(String(40), default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(30))
    solved: Mapped[bool | None] = mapped_column()
    satisfaction: Mapped[int | None] = mapped_column()
    master_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    kept_open_by: Mapped[KeptOpenBy | None] = mapped_column()
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Nobody is found in it since then; gone again with its next move."""
    version: Mapped[int] = mapped_column(default=1)

    contact: Mapped[Contact] = relationship(back_populates="tickets")
    questions: Mapped[list["Question"]] = relationship(
        back_populates="ticket", order_by="Question.position", cascade="all, delete-orphan"
    )
    history: Mapped[list["HistoryLine"]] = relationship(back_populates="ticket", order_by="HistoryLine.id")
    master: Mapped["Ticket | None"] = relationship(back_populates="children", remote_side="Ticket.id")
    children: Mapped[list["Ticket"]] = relationship(back_populates="master", order_by="Ticket.id")

    # Lists by their states, and what was closed so long ago that it goes to the archive. The look for groups,
    # after every registration: the last days of one category in one district. What an agent has registered
    # today, on the desk. What a department has, the newest first. The few that are sealed. And the old ones
    # that still tell of somebody, without those that are done.
    __table_args__ = (
        Index(
            "ix_ticket_sealed",
            "id",
            sqlite_where=text("confidentiality = 'sealed'"),
            postgresql_where=text("confidentiality = 'sealed'"),
        ),
        Index("ix_ticket_holder", "holder_id", "id"),
        Index("ix_ticket_registrar", "registered_by_id", "registered_at"),
        Index("ix_ticket_state", "state", "closed_at"),
        Index("ix_ticket_group", "category_code", "district", "received_at"),
        Index(
            "ix_ticket_personal",
            "received_at",
            sqlite_where=text("anonymised_at IS NULL"),
            postgresql_where=text("anonymised_at IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads a plain dict here)

    @property
    def is_repeat(self) -> bool:
        """Whether the ticket under which it is merged is of the same telephone."""
        phone = self.complainant_phone
        return self.master is not None and phone != "" and phone == self.master.complainant_phone

    @property
    def stays_open(self) -> bool:
        """Whether it may not be closed now. What is sealed is out of the supervisors' sight (B2, rule 4)."""
        return self.kept_open_by is not None and self.confidentiality is not Confidentiality.SEALED

    @property
    def merged(self) -> list["Ticket"]:
        """Tickets that wait under this one."""
        return [child for child in self.children if child.state is State.MERGED]

    def missing_intake_fields(self) -> list[str]:
        """Names of required fields (rulebook B1) that are still empty.

        Unclear elements do not block intake as long as the citizen can be reached.
        """
        required = {
            "type": self.type,
            "category": self.category_code,
            "description": self.description.strip(),
            "demand": [q for q in self.questions if q.text.strip()],
        }
        missing = [name for name, value in required.items() if not value]
        place_known = self.address.strip() or self.district.strip()
        if not place_known and not self.complainant_phone and not self.contact.number:
            missing.append("place or telephone")
        return missing

    def move(
        self, event: str, actor: Actor, at: datetime, reason: str = "", **evidence: Any
    ) -> "HistoryLine":
        """Make a move of the lifecycle table and write its history line.

        Raises `IllegalMove`, `MoveNotPermitted` or `GuardFailed`, and then nothing is changed.
        """
        row = transition(self, self.state, event, actor, {**evidence, "reason": reason})
        line = self._line(event, actor, at, row.target, reason, _as_json(evidence))
        self.state, self.anonymised_at = row.target, None
        if row.target is State.CLOSED:
            self.closed_at = at
        return line

    def note(self, event: str, actor: Actor, at: datetime, reason: str = "", **changes: Any) -> "HistoryLine":
        """A history line for something that does not change the state (rulebook B2, rule 2)."""
        return self._line(event, actor, at, self.state, reason, _as_json(changes))

    def born(self, actor: Actor, at: datetime) -> "HistoryLine":
        """The first history line (T01)."""
        row = transition(self, None, "open_record", actor, {})
        return self._line("open_record", actor, at, row.target, "", {}, source=None)

    def _line(
        self,
        event: str,
        actor: Actor,
        at: datetime,
        target: State,
        reason: str,
        changes: dict[str, Any],
        **origin: State | None,
    ) -> "HistoryLine":
        line = HistoryLine(
            ticket=self,  # not appended to the history, which would be read for it
            at=at,
            event=event,
            actor_id=actor.user_id,
            actor_name=actor.name,
            actor_roles=" ".join(sorted(actor.roles)),
            department_id=actor.department_id,
            department_name=actor.department_name,
            from_state=origin.get("source", self.state),
            to_state=target,
            reason=reason,
            changes=changes,
        )
        if session := object_session(self):
            session.add(line)
        return line


class Question(Base):
    """One thing that the citizen wants (诉求), so that the reply can be checked item by item.

    `answered_by_id` is the department whose `answer` it is.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    position: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    ticket: Mapped[Ticket] = relationship(back_populates="questions")

    @property
    def holders_answer(self) -> str:
        """What the department that has the ticket now answers; one that has returned it answers nothing."""
        return self.answer if self.answered_by_id == self.ticket.holder_id else ""


class HistoryLine(Base):
    """One immutable line of a ticket's history: who, as what, when, from where to where, why."""

    __tablename__ = "history_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    actor_roles: Mapped[str] = mapped_column(String(200))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    department_name: Mapped[str] = mapped_column(String(80), default="")
    from_state: Mapped[State | None] = mapped_column()
    to_state: Mapped[State] = mapped_column()
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    ticket: Mapped[Ticket] = relationship(back_populates="history")

    # The second: the few lines of what comes again, counted by time over all tickets.
    __table_args__ = (
        Index("ix_history_line_ticket", "ticket_id", "id"),
        Index("ix_history_line_again", "at", sqlite_where=text(_AGAIN), postgresql_where=text(_AGAIN)),
    )


class LinkKind(StrEnum):
    """Why two tickets belong together."""

    SPLIT = "split"  # `other` was split off `ticket`
    REMINDER = "reminder"  # `other` is the draft of a call in which somebody asked after `ticket`
    RECURRENCE = "recurrence"  # `other` is the same matter, come back after `ticket` was closed


class TicketLink(Base):
    """Two tickets that belong together."""

    __tablename__ = "ticket_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (UniqueConstraint("ticket_id", "other_id"),)


class SealedReading(Base):
    """One line of the log of who opened a sealed ticket, and what of it. Only ever added to."""

    __tablename__ = "sealed_reading"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reader: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(String(80))


class DailySequence(Base):
    """The last number given out on a local day in a channel."""

    __tablename__ = "daily_sequence"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[datetime] = mapped_column(Date)
    channel: Mapped[str] = mapped_column(String(20))
    last: Mapped[int] = mapped_column(default=0)

    __table_args__ = (UniqueConstraint("day", "channel"),)


def _as_json(evidence: dict[str, Any]) -> dict[str, Any]:
    """The part of the evidence that a history line keeps: plain values, times as ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in evidence.items()
        if isinstance(value, str | int | float | bool | datetime | list)
    }
