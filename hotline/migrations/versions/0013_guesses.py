"""how often number and query code were guessed on the citizens' page."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guess_count",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_guess_count")),
    )
    op.create_index(op.f("ix_guess_count_begun_at"), "guess_count", ["begun_at"])


def downgrade() -> None:
    op.drop_table("guess_count")
