"""who answers for a department, and whom to ask there."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("department") as department:
        department.add_column(sa.Column("responsible", sa.String(60), nullable=False, server_default=""))
        department.add_column(sa.Column("contact", sa.String(60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("department") as department:
        for name in ("contact", "responsible"):
            department.drop_column(name)
