"""tickets that nobody signs are signed by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ASSIGNMENT = sa.table(
    "assignment",
    sa.column("id", sa.Integer()),
    sa.column("role", sa.String()),
    sa.column("is_current", sa.Boolean()),
    sa.column("signed_at", _MOMENT),
    sa.column("dispatched_at", _MOMENT),
    sa.column("sign_due_at", _MOMENT),
    sa.column("auto_sign_at", _MOMENT),
)


def upgrade() -> None:
    with op.batch_alter_table("assignment") as assignment:
        assignment.add_column(sa.Column("auto_sign_at", _MOMENT, nullable=True))
        assignment.create_index(op.f("ix_assignment_auto_sign_at"), ["auto_sign_at"])
    _give_to_the_unsigned()


def _give_to_the_unsigned() -> None:
    """As long again as the limit for signing was."""
    columns = _ASSIGNMENT.c
    unsigned = sa.select(columns.id, columns.dispatched_at, columns.sign_due_at).where(
        columns.role == "lead", columns.is_current, columns.signed_at.is_(None)
    )
    connection = op.get_bind()
    for row in connection.execute(unsigned).all():
        moment = row.sign_due_at + (row.sign_due_at - row.dispatched_at)
        connection.execute(sa.update(_ASSIGNMENT).where(columns.id == row.id).values(auto_sign_at=moment))


def downgrade() -> None:
    with op.batch_alter_table("assignment") as assignment:
        assignment.drop_index(op.f("ix_assignment_auto_sign_at"))
        assignment.drop_column("auto_sign_at")
