"""what of supervision keeps a ticket from being closed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CASES = """
    UPDATE ticket SET kept_open_by = 'supervision' WHERE id IN (
        SELECT ticket_id FROM supervision_case
        WHERE state IN ('issued', 'answered') AND level IN ('L3', 'L4', 'L5', 'L6')
    )
"""
INSTRUCTIONS = """
    UPDATE ticket SET kept_open_by = 'instruction'
    WHERE id IN (SELECT ticket_id FROM instruction WHERE fed_back_at IS NULL)
"""


def upgrade() -> None:
    op.add_column("ticket", sa.Column("kept_open_by", sa.String(20), nullable=True))
    op.execute(CASES)
    op.execute(INSTRUCTIONS)


def downgrade() -> None:
    # In SQL: to drop a column, Alembic would copy the whole table on SQLite.
    op.execute("ALTER TABLE ticket DROP COLUMN kept_open_by")
