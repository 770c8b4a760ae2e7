"""indexes of the calls that go on, and of what a department has by age."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_LIVE = sa.text("state <> 'ended'")


def upgrade() -> None:
    op.create_index("ix_call_live", "call", ["started_at"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index("ix_ticket_holder", "ticket", ["holder_id", "id"])
    op.drop_index("ix_ticket_holder_id", "ticket")


def downgrade() -> None:
    op.create_index("ix_ticket_holder_id", "ticket", ["holder_id"])
    op.drop_index("ix_ticket_holder", "ticket")
    op.drop_index("ix_call_live", "call")
