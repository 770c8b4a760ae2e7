"""since when a class of matters is offered no more, by whom and why."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("category") as category:
        category.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        category.add_column(sa.Column("retired_by", sa.String(60), nullable=False, server_default=""))
        category.add_column(sa.Column("retired_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("category") as category:
        for name in ("retired_at", "retired_by", "retired_reason"):
            category.drop_column(name)
