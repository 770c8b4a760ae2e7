"""Imports: who brought which file when, and which matters came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hotline.database import Base, UtcDateTime
from hotline.people.models import User
from hotline.tickets.models import Ticket


class MatterImport(Base):
    """A sheet of matters. `sha256` is that of the file.

    `read_rows` are its rows while somebody looks at them; once it is done they are gone: what they say stands
    in the tickets.
    """

    __tablename__ = "matter_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int] = mapped_column()
    read_rows: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))

    by: Mapped[User] = relationship()
    matters: Mapped[list["ImportedMatter"]] = relationship(order_by="ImportedMatter.line")

    # One file is imported once.
    __table_args__ = (
        Index(
            "uq_matter_import_done",
            "sha256",
            unique=True,
            sqlite_where=text("done_at IS NOT NULL"),
            postgresql_where=text("done_at IS NOT NULL"),
        ),
    )


class ImportedMatter(Base):
    """A ticket that came of an import, and the line of the sheet."""

    __tablename__ = "imported_matter"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("matter_import.id"), index=True)
    line: Mapped[int] = mapped_column()
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)

    ticket: Mapped[Ticket] = relationship()
