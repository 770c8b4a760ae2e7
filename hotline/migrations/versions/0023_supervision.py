"""the supervision ladder with its numbered notices, leaders' instructions, and inspections."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_PERSON = "user_account"
_TABLES = ("inspection_finding", "inspection", "instruction", "supervision_case", "notice_year")


def upgrade() -> None:
    op.create_table(
        "notice_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_notice_year")),
    )
    _create_cases()
    _create_instructions()
    _create_inspections()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _create_cases() -> None:
    _create(
        "supervision_case",
        {"ticket_id": "ticket", "department_id": "department"},
        dict.fromkeys(("proposed_by_id", "issued_by_id", "answered_by_id", "closed_by_id"), _PERSON),
        *(sa.Column(name, sa.String(20), nullable=False) for name in ("level", "kind", "trigger", "state")),
        sa.Column("occurrence", sa.String(80), nullable=False),
        *_texts("reason", "answer", "decision"),
        *_moments("proposed_at", nullable=False),
        *_moments("issued_at", "due_at", "answered_at", "closed_at"),
        sa.Column("number", sa.String(30), nullable=True),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_case_number")),
        sa.UniqueConstraint("ticket_id", "occurrence", name=op.f("uq_supervision_case_ticket_id")),
    )
    _index("supervision_case", "department_id", "state")


def _create_instructions() -> None:
    _create(
        "instruction",
        {"ticket_id": "ticket"},
        {"case_id": "supervision_case", "recorded_by_id": _PERSON, "fed_back_by_id": _PERSON},
        sa.Column("leader", sa.String(60), nullable=False),
        sa.Column("instructed_on", sa.Date(), nullable=False),
        *_texts("text", "feedback"),
        *_moments("due_at", "recorded_at", nullable=False),
        *_moments("fed_back_at"),
    )
    _index("instruction", "ticket_id", "fed_back_at")


def _create_inspections() -> None:
    _create(
        "inspection",
        {"department_id": "department"},
        {"ticket_id": "ticket", "recorded_by_id": _PERSON, "told_by_id": _PERSON, "closed_by_id": _PERSON},
        sa.Column("manner", sa.String(20), nullable=False),
        sa.Column("inspected_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(200), nullable=False) for name in ("place", "inspectors")),
        *_texts("account", "conclusion"),
        *_moments("recorded_at", nullable=False),
        *_moments("told_at", "due_at", "closed_at"),
    )
    _index("inspection", "department_id", "ticket_id", "closed_at")
    _create(
        "inspection_finding",
        {"inspection_id": "inspection"},
        {"corrected_by_id": _PERSON},
        sa.Column("position", sa.Integer(), nullable=False),
        *_texts("text", "correction"),
        *_moments("corrected_at"),
    )
    _index("inspection_finding", "inspection_id")


def _create(table: str, needed: dict[str, str], others: dict[str, str], *parts: sa.schema.SchemaItem) -> None:
    """A table with an id; `needed` and `others` are columns that name rows of another table."""
    references = {**needed, **others}
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name in others) for name in references),
        *parts,
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}"))
            for name, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moments(*names: str, nullable: bool = True) -> list[sa.Column[datetime]]:
    return [sa.Column(name, _MOMENT, nullable=nullable) for name in names]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
