"""matters imported from sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DONE = sa.text("done_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "matter_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("read_rows", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_matter_import_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_import")),
    )
    op.create_index(op.f("ix_matter_import_by_id"), "matter_import", ["by_id"])
    op.create_index(
        "uq_matter_import_done",
        "matter_import",
        ["sha256"],
        unique=True,
        sqlite_where=_DONE,
        postgresql_where=_DONE,
    )
    op.create_table(
        "imported_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["matter_import.id"], name=op.f("fk_imported_matter_import_id")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_imported_matter_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_matter")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_imported_matter_ticket_id")),
    )
    op.create_index(op.f("ix_imported_matter_import_id"), "imported_matter", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_matter")
    op.drop_table("matter_import")
