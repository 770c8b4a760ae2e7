"""the city's own title and issuer of a letter, as they were when it was issued."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("supervision_case") as case:
        case.add_column(sa.Column("title", sa.String(40), nullable=False, server_default=""))
        case.add_column(sa.Column("issuer", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("supervision_case") as case:
        for name in ("issuer", "title"):
            case.drop_column(name)
