"""tickets of one category and district by time, for the look for groups."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_ticket_group", "ticket", ["category_code", "district", "received_at"])
    op.drop_index("ix_ticket_category_code", "ticket")


def downgrade() -> None:
    op.create_index("ix_ticket_category_code", "ticket", ["category_code"])
    op.drop_index("ix_ticket_group", "ticket")
