"""which of our letters a citizen's letter answers."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_letter") as letter:
        letter.add_column(sa.Column("answered_id", sa.Integer(), nullable=True))
        letter.create_foreign_key(op.f("fk_mail_letter_answered_id"), "ticket", ["answered_id"], ["id"])
        letter.create_index(op.f("ix_mail_letter_answered_id"), ["answered_id"])


def downgrade() -> None:
    with op.batch_alter_table("mail_letter") as letter:
        letter.drop_index(op.f("ix_mail_letter_answered_id"))
        letter.drop_constraint(op.f("fk_mail_letter_answered_id"), type_="foreignkey")
        letter.drop_column("answered_id")
