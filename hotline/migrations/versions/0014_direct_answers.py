"""answers that were given without a department."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "direct_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(300), nullable=False),
        sa.Column("answered_at", _MOMENT, nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("review", sa.String(20), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_direct_answer_ticket_id")),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_direct_answer_{name}"))
            for name in ("answered_by_id", "reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_answer")),
    )
    op.create_index(op.f("ix_direct_answer_ticket_id"), "direct_answer", ["ticket_id"])
    op.create_index(op.f("ix_direct_answer_review"), "direct_answer", ["review"])


def downgrade() -> None:
    op.drop_table("direct_answer")
