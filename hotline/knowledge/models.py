"""Entries, what they said before, and what readers said of them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department


class Entry(Base):
    """One question that people ask, and its answer, owned by the department whose matter it is.

    `variants` are other ways to ask it. It is offered from `valid_from` to `valid_until`, both included,
    unless it is withdrawn; every `review_days` its owner's words are looked at again. `version` counts what
    was done to it, and is what two editors at once are told apart by.

    `public_code` is the address of its page for citizens: given once, never taken away, for it is printed.
    They read the answer only while `is_public`; afterwards the page tells that it is over and leads to
    `successor`. A notice (公告) stands before everything else in their list.
    """

    __tablename__ = "knowledge_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    variants: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"), index=True)
    region: Mapped[str] = mapped_column(String(40), default="")
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    review_days: Mapped[int] = mapped_column()
    is_public: Mapped[bool] = mapped_column(default=False)
    is_notice: Mapped[bool] = mapped_column(default=False)
    public_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is public; of one that is not, when it last became so."""
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_entry.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(60))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source_ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), unique=True)

    owner: Mapped[Department] = relationship()
    successor: Mapped["Entry | None"] = relationship(remote_side="Entry.id")
    versions: Mapped[list["EntryVersion"]] = relationship(order_by="EntryVersion.id.desc()")
    feedback: Mapped[list["Feedback"]] = relationship(back_populates="entry", order_by="Feedback.id.desc()")

    def looked_at(self, at: datetime) -> None:
        """Somebody has read it, and it is right: its cycle begins anew."""
        self.reviewed_at, self.review_due_at = at, at + timedelta(days=self.review_days)


class Deed(StrEnum):
    """What was done to an entry."""

    WRITTEN = "written"
    CHANGED = "changed"
    REVIEWED = "reviewed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    SUCCEEDED = "succeeded"


class EntryVersion(Base):
    """What an entry said after a deed, who did it and why. Lines are only ever added."""

    __tablename__ = "knowledge_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry.id"))
    version: Mapped[int] = mapped_column()
    deed: Mapped[Deed] = mapped_column()
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("entry_id", "version"),)


class Complaint(StrEnum):
    """What a reader says is wrong with an entry. The last two are citizens', on its public page."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


class Feedback(Base):
    """A reader's word on an entry, until an editor has settled it."""

    __tablename__ = "knowledge_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry.id"), index=True)
    version: Mapped[int] = mapped_column()
    complaint: Mapped[Complaint] = mapped_column()
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(60))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(String(60), default="")
    settled_words: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry] = relationship(back_populates="feedback")


class CandidateDismissal(Base):
    """An answered consultation of which no entry is to be made."""

    __tablename__ = "knowledge_dismissal"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(60))


class PolicyPlace(Base):
    """A place where the QR code of an entry hangs: `市北政务大厅 3号窗口`. The code is printed and so never
    used again; a retired one tells that it is retired."""

    __tablename__ = "policy_place"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    district: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(60))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by: Mapped[str] = mapped_column(String(60), default="")

    entry: Mapped[Entry] = relationship()


class ScanCount(Base):
    """How often the code of a place was scanned on a day of the city's calendar. Nothing of who scanned."""

    __tablename__ = "policy_scan"

    place_id: Mapped[int] = mapped_column(ForeignKey("policy_place.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True, index=True)
    count: Mapped[int] = mapped_column(default=0)


class Opinion(Base):
    """How many citizens found an entry helpful, and how many did not, on a day. Their words are remarks."""

    __tablename__ = "policy_opinion"

    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entry.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    helpful: Mapped[int] = mapped_column(default=0)
    unhelpful: Mapped[int] = mapped_column(default=0)
