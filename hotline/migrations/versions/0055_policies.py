"""public policy pages: codes, successors, QR codes by place, scans and opinions by day; public listings."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Until now the mark showed nothing to anybody: nobody has checked these words for citizens.
    op.execute("UPDATE knowledge_entry SET is_public = FALSE")
    with op.batch_alter_table("knowledge_entry") as entry:
        entry.add_column(sa.Column("is_notice", sa.Boolean(), nullable=False, server_default=sa.false()))
        entry.add_column(sa.Column("public_code", sa.String(8), nullable=True))
        entry.add_column(sa.Column("published_at", _MOMENT, nullable=True))
        entry.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        entry.create_unique_constraint(op.f("uq_knowledge_entry_public_code"), ["public_code"])
        entry.create_index(op.f("ix_knowledge_entry_successor_id"), ["successor_id"])
        entry.create_foreign_key(
            op.f("fk_knowledge_entry_successor_id"), "knowledge_entry", ["successor_id"], ["id"]
        )
    _places()
    op.create_table(
        "policy_opinion",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("unhelpful", sa.Integer(), nullable=False),
        _reference("policy_opinion", "entry_id", "knowledge_entry.id"),
        sa.PrimaryKeyConstraint("entry_id", "day", name=op.f("pk_policy_opinion")),
    )
    op.create_table(
        "public_listing",
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("does_zh", sa.Text(), nullable=False),
        sa.Column("does_en", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("hours_zh", sa.String(120), nullable=False),
        sa.Column("hours_en", sa.String(120), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(60), nullable=False),
        _reference("public_listing", "department_id", "department.id"),
        sa.PrimaryKeyConstraint("department_id", name=op.f("pk_public_listing")),
    )


def downgrade() -> None:
    for table in ("public_listing", "policy_opinion", "policy_scan", "policy_place"):
        op.drop_table(table)
    with op.batch_alter_table("knowledge_entry") as entry:
        entry.drop_constraint(op.f("fk_knowledge_entry_successor_id"), type_="foreignkey")
        entry.drop_index(op.f("ix_knowledge_entry_successor_id"))
        entry.drop_constraint(op.f("uq_knowledge_entry_public_code"), type_="unique")
        for name in ("is_notice", "public_code", "published_at", "successor_id"):
            entry.drop_column(name)


def _places() -> None:
    op.create_table(
        "policy_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.Column("retired_by", sa.String(60), nullable=False),
        _reference("policy_place", "entry_id", "knowledge_entry.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_place")),
        sa.UniqueConstraint("code", name=op.f("uq_policy_place_code")),
    )
    op.create_index(op.f("ix_policy_place_entry_id"), "policy_place", ["entry_id"])
    op.create_table(
        "policy_scan",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _reference("policy_scan", "place_id", "policy_place.id"),
        sa.PrimaryKeyConstraint("place_id", "day", name=op.f("pk_policy_scan")),
    )
    op.create_index(op.f("ix_policy_scan_day"), "policy_scan", ["day"])


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
