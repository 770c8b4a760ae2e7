"""letters that go out, and what of a letter its answer needs."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("mail_letter", sa.Column("message_id", sa.String(250), nullable=False, server_default=""))
    op.add_column("mail_letter", sa.Column("tongue", sa.String(2), nullable=False, server_default="zh"))
    op.add_column("mail_letter", sa.Column("no_answer", sa.String(20), nullable=True))
    # Whether a program wrote the earlier ones nobody has kept.
    op.execute("UPDATE mail_letter SET no_answer = 'earlier'")
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("owed_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_outgoing_mail_ticket_id")),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["user_account.id"], name=op.f("fk_outgoing_mail_seen_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("token", name=op.f("uq_outgoing_mail_token")),
    )
    op.create_index(op.f("ix_outgoing_mail_ticket_id"), "outgoing_mail", ["ticket_id"])
    op.create_index("ix_outgoing_mail_due", "outgoing_mail", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("outgoing_mail")
    for column in ("no_answer", "tongue", "message_id"):
        op.drop_column("mail_letter", column)
