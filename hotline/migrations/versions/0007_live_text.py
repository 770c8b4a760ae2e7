"""live text."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("speaker", sa.String(20), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_live_segment_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_segment")),
        sa.UniqueConstraint("key", name=op.f("uq_live_segment_key")),
    )
    op.create_index(op.f("ix_live_segment_call_id"), "live_segment", ["call_id"])
    op.create_index(op.f("ix_live_segment_said_at"), "live_segment", ["said_at"])


def downgrade() -> None:
    op.drop_table("live_segment")
