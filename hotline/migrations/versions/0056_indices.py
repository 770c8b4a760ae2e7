"""indices for the sweep to the archive, and for the replies that a verdict is compared with."""

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_ticket_state", "ticket")
    op.create_index("ix_ticket_state", "ticket", ["state", "closed_at"])
    op.create_index("ix_reply_department", "reply", ["department_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_reply_department", "reply")
    op.drop_index("ix_ticket_state", "ticket")
    op.create_index("ix_ticket_state", "ticket", ["state"])
