"""alarms of notices and instructions that nobody reported back on in time."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0068"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TARGETS = {
    "ticket_id": "ticket.id",
    "case_id": "supervision_case.id",
    "instruction_id": "instruction.id",
    "department_id": "department.id",
    "unit_seen_by_id": "user_account.id",
    "office_seen_by_id": "user_account.id",
}


def upgrade() -> None:
    op.create_table(
        "late_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("instruction_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("unit_seen_at", _MOMENT, nullable=True),
        sa.Column("unit_seen_by_id", sa.Integer(), nullable=True),
        sa.Column("office_seen_at", _MOMENT, nullable=True),
        sa.Column("office_seen_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_late_alarm_{column}"))
            for column, target in _TARGETS.items()
        ),
        sa.UniqueConstraint("case_id", "due_at", name=op.f("uq_late_alarm_case_id")),
        sa.UniqueConstraint("instruction_id", "due_at", name=op.f("uq_late_alarm_instruction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_alarm")),
    )
    for column in ("ticket_id", "department_id", "office_seen_at"):
        op.create_index(op.f(f"ix_late_alarm_{column}"), "late_alarm", [column])


def downgrade() -> None:
    op.drop_table("late_alarm")
