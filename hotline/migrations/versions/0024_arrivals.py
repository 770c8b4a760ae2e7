"""how contacts came in that somebody wrote in."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("source_number", sa.String(80), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_arrival_contact_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["user_account.id"], name=op.f("fk_arrival_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_arrival_contact_id")),
        sa.UniqueConstraint("channel", "source_number", name=op.f("uq_arrival_channel")),
    )
    op.create_index(op.f("ix_arrival_taken_by_id"), "arrival", ["taken_by_id"])


def downgrade() -> None:
    op.drop_table("arrival")
