"""why a matter arose, with the department's reply."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        reply.add_column(sa.Column("cause", sa.String(30), nullable=False, server_default=""))
        reply.create_index(op.f("ix_reply_cause"), ["cause"])


def downgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        reply.drop_index(op.f("ix_reply_cause"))
        reply.drop_column("cause")
