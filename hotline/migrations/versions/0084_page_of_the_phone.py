"""Which page has the browser phone of a seat."""

import sqlalchemy as sa
from alembic import op

import hotline.database

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("phone_account") as account:
        account.add_column(sa.Column("page", sa.String(length=36), nullable=True))
        account.add_column(sa.Column("page_asked_at", hotline.database.UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("phone_account") as account:
        account.drop_column("page_asked_at")
        account.drop_column("page")
