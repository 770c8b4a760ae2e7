"""which telephone of the call plan, no seat's, rings for a call or has answered it."""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("phone", sa.String(32), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("call") as call:
        call.drop_column("phone")
