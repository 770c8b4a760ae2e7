"""whether a citizen's suggestion was taken up."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        reply.add_column(sa.Column("adoption", sa.String(20), nullable=True))
        reply.add_column(sa.Column("adoption_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        for name in ("adoption_reason", "adoption"):
            reply.drop_column(name)
