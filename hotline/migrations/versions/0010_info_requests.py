"""what citizens are asked before a ticket is accepted, and what they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "info_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_info_request_ticket_id")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_info_request_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user_account.id"], name=op.f("fk_info_request_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_info_request")),
    )
    op.create_index(op.f("ix_info_request_ticket_id"), "info_request", ["ticket_id"])
    op.create_index(op.f("ix_info_request_due_at"), "info_request", ["due_at"])


def downgrade() -> None:
    op.drop_table("info_request")
