"""the log of who opened a sealed ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reader", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_reading_ticket_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sealed_reading_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_reading")),
    )
    op.create_index(op.f("ix_sealed_reading_ticket_id"), "sealed_reading", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("sealed_reading")
