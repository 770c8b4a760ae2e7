"""joint supervision with media and inspection office."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INDEXED = {
    "joint_supervision": ["ticket_id", "case_id", "ended_at"],
    "joint_note": ["joint_id"],
    "joint_draft": ["joint_id"],
}


def _references(table: str, columns: Mapping[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _id(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint(
        "id", name=op.f(f"pk_{table}")
    )


def _written() -> list[sa.Column[Any]]:
    """Who wrote what and when."""
    return [
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(60), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    users = {"opened_by_id": "user_account", "ended_by_id": "user_account"}
    op.create_table(
        "joint_supervision",
        *_id("joint_supervision"),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        *_references("joint_supervision", {"ticket_id": "ticket", "case_id": "supervision_case", **users}),
    )
    partner = {"joint_id": "joint_supervision", "department_id": "department"}
    op.create_table(
        "joint_partner",
        sa.Column("joint_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        *_references("joint_partner", partner),
        sa.PrimaryKeyConstraint("joint_id", "department_id", name=op.f("pk_joint_partner")),
    )
    op.create_table(
        "joint_note",
        *_id("joint_note"),
        *_written(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(60), nullable=False),
        sa.Column("answered_from_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        *_references("joint_note", {**partner, "answered_from_id": "department"}),
    )
    op.create_table("joint_draft", *_id("joint_draft"), *_written(), *_references("joint_draft", partner))
    for table, columns in _INDEXED.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("joint_draft", "joint_note", "joint_partner", "joint_supervision"):
        op.drop_table(table)
