"""an index over the lines of what comes again: reminders, returns, rework, reopening."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

EVENTS = "'reminded', 'approve_return', 'not_satisfied', 'reopen', 'reopen_exceptional'"


def upgrade() -> None:
    these = sa.text(f"event IN ({EVENTS})")
    op.create_index(
        "ix_history_line_again", "history_line", ["at"], sqlite_where=these, postgresql_where=these
    )


def downgrade() -> None:
    op.drop_index("ix_history_line_again", "history_line")
