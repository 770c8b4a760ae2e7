"""the log of who saw which ticket, and of who had a citizen shown in full."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(60), nullable=False),
        sa.Column("department_name", sa.String(80), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_view_ticket_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ticket_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_view")),
        sa.UniqueConstraint(
            "user_id", "ticket_id", "what", "in_full", "slot", name=op.f("uq_ticket_view_user_id")
        ),
    )
    op.create_index(op.f("ix_ticket_view_at"), "ticket_view", ["at"])
    op.create_index("ix_ticket_view_ticket", "ticket_view", ["ticket_id", "id"])
    op.create_table(
        "unmasking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(60), nullable=False),
        sa.Column("department_name", sa.String(80), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("(ticket_id IS NULL) <> (call_id IS NULL)", name=op.f("ck_unmasking_one_of_both")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_unmasking_user_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_unmasking_ticket_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_unmasking_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmasking")),
    )
    op.create_index(op.f("ix_unmasking_at"), "unmasking", ["at"])
    op.create_index(op.f("ix_unmasking_ticket_id"), "unmasking", ["ticket_id"])
    op.create_index(op.f("ix_unmasking_call_id"), "unmasking", ["call_id"])
    op.create_index("ix_unmasking_open", "unmasking", ["user_id", "until_at"])


def downgrade() -> None:
    op.drop_table("unmasking")
    op.drop_table("ticket_view")
