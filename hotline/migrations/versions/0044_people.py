"""second factors of users, where they are signed in, first passwords, departments that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for column in (
        sa.Column("factor_secret", sa.String(200), nullable=True),
        sa.Column("factor_confirmed_at", _MOMENT, nullable=True),
        sa.Column("factor_last_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("user_account", column)
    op.add_column(
        "department", sa.Column("is_active", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_index(op.f("ix_audit_entry_whom_id"), "audit_entry", ["whom_id"])
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    _make_sign_ins()


def _make_sign_ins() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("program", sa.String(200), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("end", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_digest")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"])


def downgrade() -> None:
    op.drop_table("sign_in")
    op.drop_table("recovery_code")
    op.drop_index("ix_audit_entry_whom_id", "audit_entry")
    op.drop_column("department", "is_active")
    for name in ("factor_secret", "factor_confirmed_at", "factor_last_step", "must_change_password"):
        op.drop_column("user_account", name)
