"""places, words of categories, what became of suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("category") as category:
        category.add_column(sa.Column("keywords", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("street", sa.String(60), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("kind", "name", "district", name=op.f("uq_place_kind")),
    )
    op.create_index(op.f("ix_place_kind"), "place", ["kind"])
    op.create_table(
        "suggestion_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("suggested", sa.String(60), nullable=False),
        sa.Column("chosen", sa.String(60), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_choice")),
    )
    op.create_index(op.f("ix_suggestion_choice_at"), "suggestion_choice", ["at"])


def downgrade() -> None:
    op.drop_table("suggestion_choice")
    op.drop_table("place")
    with op.batch_alter_table("category") as category:
        category.drop_column("keywords")
