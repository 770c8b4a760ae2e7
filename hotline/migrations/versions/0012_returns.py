"""departments return tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_REFERENCES = {
    "ticket_id": "ticket",
    "department_id": "department",
    "asked_by_id": "user_account",
    "suggested_id": "department",
    "decided_by_id": "user_account",
    "designated_id": "department",
}


def upgrade() -> None:
    op.create_table(
        "return_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("cited", sa.Text(), nullable=False),
        sa.Column("suggested_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_disputed", sa.Boolean(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("designated_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_return_request_{column}"))
            for column, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request")),
        sa.UniqueConstraint("ticket_id", "department_id", name=op.f("uq_return_request_ticket_id")),
    )
    op.create_index(op.f("ix_return_request_state"), "return_request", ["state"])


def downgrade() -> None:
    op.drop_table("return_request")
