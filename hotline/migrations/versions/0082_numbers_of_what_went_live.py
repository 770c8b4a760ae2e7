"""a version of the call plan gets its number as it goes live: drafts have none."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("call_plan") as plan:
        plan.alter_column("version", existing_type=sa.Integer(), nullable=True)
    op.execute("UPDATE call_plan SET version = NULL WHERE state IN ('draft', 'discarded')")


def downgrade() -> None:
    op.execute(
        "UPDATE call_plan SET version = id + (SELECT COALESCE(MAX(version), 0) FROM call_plan)"
        " WHERE version IS NULL"
    )
    with op.batch_alter_table("call_plan") as plan:
        plan.alter_column("version", existing_type=sa.Integer(), nullable=False)
