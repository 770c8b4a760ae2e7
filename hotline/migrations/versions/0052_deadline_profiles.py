"""versions of the city's own deadline profile."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0046"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "deadline_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.String(40), nullable=False),
        sa.Column("writer_ids", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.String(60), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("in_force_from", _MOMENT, nullable=True),
        sa.Column("approved_by", sa.String(60), nullable=False),
        sa.Column("approved_at", _MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(60), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_version")),
        sa.UniqueConstraint("version", name=op.f("uq_deadline_version_version")),
    )
    draft = sa.text("state = 'draft'")
    op.create_index(
        "uq_deadline_version_draft",
        "deadline_version",
        ["state"],
        unique=True,
        sqlite_where=draft,
        postgresql_where=draft,
    )


def downgrade() -> None:
    op.drop_table("deadline_version")
