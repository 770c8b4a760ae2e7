"""who changed the dispatch catalogue and why, and which departments usually assist."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("catalogue_rule") as rule:
        rule.add_column(sa.Column("assist_ids", sa.JSON(), nullable=False, server_default="[]"))
        for deed in ("changed", "retired"):
            rule.add_column(sa.Column(f"{deed}_at", _MOMENT, nullable=True))
            rule.add_column(sa.Column(f"{deed}_by", sa.String(60), nullable=False, server_default=""))
        for text in ("reason", "retired_reason"):
            rule.add_column(sa.Column(text, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("catalogue_rule") as rule:
        for name in ("assist_ids", "changed_at", "changed_by", "reason", "retired_at", "retired_by"):
            rule.drop_column(name)
        rule.drop_column("retired_reason")
