"""Categories, the dispatch catalogue, and assignments of tickets to departments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import Department
from hotline.tickets.models import Ticket


class AssignmentRole(StrEnum):
    """主办 or 协办."""

    LEAD = "lead"
    ASSIST = "assist"


class Category(Base):
    """A class of matters (诉求分类). `gbt39666_code` stays empty until a licensed copy is at hand (C19);
    `keywords` are the words by which the service directory knows it. `on_site`: matters of safety and of the
    environment, which nobody answers without having been there (B5.7)."""

    __tablename__ = "category"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    gbt39666_code: Mapped[str] = mapped_column(String(10), default="")
    keywords: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    on_site: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is offered to no new matter; tickets that have it keep it."""
    retired_by: Mapped[str] = mapped_column(String(60), default="")
    retired_reason: Mapped[str] = mapped_column(Text, default="")


class CatalogueRule(Base):
    """A row of the dispatch catalogue (派单目录): category and place name the lead.

    An empty district means the whole city; an empty category means whatever arises there (区政府兜底).
    A change makes a new row with the next version, and says who made it and why; dispatched tickets keep the
    id of the row they went by. `assist_ids` are departments that usually assist.
    """

    __tablename__ = "catalogue_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    category_code: Mapped[str | None] = mapped_column(ForeignKey("category.code"))
    district: Mapped[str] = mapped_column(String(40), default="")
    lead_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    assist_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    is_active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    retired_by: Mapped[str] = mapped_column(String(60), default="")
    retired_reason: Mapped[str] = mapped_column(Text, default="")

    lead: Mapped[Department] = relationship()


class Assignment(Base):
    """A department's part of a ticket (承办任务), with its own clock.

    `auto_sign_at` is when a lead that has not signed is taken to have: what the sweep looks for; None once it
    is signed.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    role: Mapped[AssignmentRole] = mapped_column()
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_rule.id"))
    dispatched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sign_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    auto_sign_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    contact_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_current: Mapped[bool] = mapped_column(default=True)

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship()

    # A department's own, and how much it was given in a time; what nobody has signed, by the limit of that.
    __table_args__ = (
        UniqueConstraint("ticket_id", "department_id", "dispatched_at"),
        Index("ix_assignment_led", "department_id", "role", "dispatched_at"),
        Index(
            "ix_assignment_unsigned",
            "sign_due_at",
            sqlite_where=text("signed_at IS NULL"),
            postgresql_where=text("signed_at IS NULL"),
        ),
    )


class ReturnGround(StrEnum):
    """Why a department returns a ticket."""

    NOT_OUR_REMIT = "not_our_remit"
    OTHER_PLACE = "other_place"
    OTHER_LEVEL = "other_level"
    ANOTHER_LEADS = "another_leads"


class ReturnBasis(StrEnum):
    """What a return cites: 三定方案, 权责清单, or a law."""

    THREE_FIXED = "three_fixed"
    DUTY_LIST = "duty_list"
    STATUTE = "statute"


class ReturnState(StrEnum):
    """What became of a return."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ReturnRequest(Base):
    """A department asks to return a ticket (退单), and what the hotline decided.

    A second return of the same ticket, by another department, is a dispute (争议单): its decision designates
    the lead, `designated_id`, and binds. `due_at` is when the decision is due.
    """

    __tablename__ = "return_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ground: Mapped[ReturnGround] = mapped_column()
    basis: Mapped[ReturnBasis] = mapped_column()
    cited: Mapped[str] = mapped_column(Text)
    suggested_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    reason: Mapped[str] = mapped_column(Text)
    is_disputed: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReturnState] = mapped_column(default=ReturnState.ASKED, index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decision: Mapped[str] = mapped_column(Text, default="")
    designated_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    ticket: Mapped[Ticket] = relationship()
    department: Mapped[Department] = relationship(foreign_keys=department_id)
    suggested: Mapped[Department] = relationship(foreign_keys=suggested_id)
    designated: Mapped[Department | None] = relationship(foreign_keys=designated_id)

    __table_args__ = (UniqueConstraint("ticket_id", "department_id"),)  # each department once (B5.4)
