"""an Asterisk that is about to be stopped: until when it takes no new calls, and how many go on."""

import sqlalchemy as sa
from alembic import op

import hotline.database

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pbx") as pbx:
        pbx.add_column(sa.Column("closing_until", hotline.database.UtcDateTime(), nullable=True))
        pbx.add_column(sa.Column("going_on", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("pbx") as pbx:
        pbx.drop_column("going_on")
        pbx.drop_column("closing_until")
