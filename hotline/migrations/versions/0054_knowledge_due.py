"""until when a knowledge entry is to be looked at again."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ENTRY = sa.table(
    "knowledge_entry",
    sa.column("id", sa.Integer()),
    sa.column("review_days", sa.Integer()),
    sa.column("reviewed_at", _MOMENT),
    sa.column("review_due_at", _MOMENT),
)


def upgrade() -> None:
    op.add_column("knowledge_entry", sa.Column("review_due_at", _MOMENT, nullable=True))
    link = op.get_bind()
    known = link.execute(sa.select(_ENTRY.c.id, _ENTRY.c.reviewed_at, _ENTRY.c.review_days)).all()
    for entry_id, reviewed_at, days in known:
        due = _ENTRY.update().where(_ENTRY.c.id == entry_id)
        link.execute(due.values(review_due_at=reviewed_at + timedelta(days=days)))
    with op.batch_alter_table("knowledge_entry") as entry:
        entry.alter_column("review_due_at", nullable=False)
    op.create_index(op.f("ix_knowledge_entry_review_due_at"), "knowledge_entry", ["review_due_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_knowledge_entry_review_due_at"), "knowledge_entry")
    op.drop_column("knowledge_entry", "review_due_at")
