"""questions of departments to citizens."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_REFERENCES = {
    "ticket_id": "ticket",
    "department_id": "department",
    "asked_by_id": "user_account",
    "written_by_id": "user_account",
}


def upgrade() -> None:
    op.create_table(
        "unit_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("due_before", _MOMENT, nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_unit_question_{column}"))
            for column, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_question")),
    )
    op.create_index(op.f("ix_unit_question_ticket_id"), "unit_question", ["ticket_id"])
    op.create_index(op.f("ix_unit_question_due_at"), "unit_question", ["due_at"])


def downgrade() -> None:
    op.drop_table("unit_question")
