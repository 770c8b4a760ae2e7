"""petitions and media oversight that were referred to the body that handles them."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0056"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("screening_class", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("referred_at", _MOMENT, nullable=False),
        sa.Column("referred_by_id", sa.Integer(), nullable=True),
        sa.Column("receipt_by", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("receipt", sa.String(100), nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("back_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_referral_ticket_id")),
        sa.ForeignKeyConstraint(["body_id"], ["department.id"], name=op.f("fk_referral_body_id")),
        sa.ForeignKeyConstraint(
            ["referred_by_id"], ["user_account.id"], name=op.f("fk_referral_referred_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    for column in ("ticket_id", "body_id", "state", "due_at"):
        op.create_index(op.f(f"ix_referral_{column}"), "referral", [column])


def downgrade() -> None:
    op.drop_table("referral")
