"""the life of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _several_pbxs()


def downgrade() -> None:
    _several_pbxs_down()


def _several_pbxs() -> None:
    op.create_table(
        "pbx",
        sa.Column("name", sa.String(12), nullable=False),
        sa.Column("up", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pbx")),
    )
    op.create_table(
        "seat_line",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("pbx", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_line_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "pbx", name=op.f("pk_seat_line")),
    )
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("pbx", sa.String(12), nullable=False, server_default=""))
        call.create_index(op.f("ix_call_pbx"), ["pbx"])


def _several_pbxs_down() -> None:
    with op.batch_alter_table("call") as call:
        call.drop_index(op.f("ix_call_pbx"))
        call.drop_column("pbx")
    op.drop_table("seat_line")
    op.drop_table("pbx")
