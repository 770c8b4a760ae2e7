"""the way of a call, and what a surge is about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("tongue", sa.String(40), nullable=False, server_default=""))
        call.add_column(sa.Column("way", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("called_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("surge") as surge:
        surge.add_column(sa.Column("category_code", sa.String(40), nullable=False, server_default=""))
        surge.add_column(sa.Column("district", sa.String(40), nullable=False, server_default=""))
        surge.add_column(sa.Column("address", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("surge") as surge:
        surge.drop_column("address")
        surge.drop_column("district")
        surge.drop_column("category_code")
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("called_in")
    with op.batch_alter_table("call") as call:
        call.drop_column("way")
        call.drop_column("tongue")
