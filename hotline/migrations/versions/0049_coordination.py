"""coordinators and their meetings, briefs to leaders, and since when a track's ticket may be dispatched."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _table(name: str, *columns: sa.Column[object], people: tuple[str, ...]) -> None:
    """One of a ticket; `people` are columns that name users."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f(f"fk_{name}_ticket_id")),
        *(
            sa.ForeignKeyConstraint([column], ["user_account.id"], name=op.f(f"fk_{name}_{column}"))
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_ticket_id"), name, ["ticket_id"])


def upgrade() -> None:
    op.add_column("ticket", sa.Column("track_ready_at", _MOMENT, nullable=True))
    _table(
        "coordinator",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("named_at", _MOMENT, nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=True),
        people=("user_id", "named_by_id"),
    )
    _table(
        "coordination_meeting",
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.String(60), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        people=("recorded_by_id",),
    )
    op.create_table(
        "meeting_department",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["coordination_meeting.id"], name=op.f("fk_meeting_department_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_meeting_department_department_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "department_id", name=op.f("pk_meeting_department")),
    )
    _table(
        "leader_brief",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        people=("sent_by_id", "read_by_id"),
    )
    op.create_index(op.f("ix_leader_brief_read_at"), "leader_brief", ["read_at"])


def downgrade() -> None:
    for name in ("leader_brief", "meeting_department", "coordination_meeting", "coordinator"):
        op.drop_table(name)
    op.drop_column("ticket", "track_ready_at")
