"""visits on the spot, what was done in numbers, replies that a unit's leader sends back."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    references = {"ticket_id": "ticket", "department_id": "department", "user_id": "user_account"}
    op.create_table(
        "site_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("visited_at", _MOMENT, nullable=False),
        sa.Column("visitors", sa.String(120), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_site_visit_{column}"))
            for column, table in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit")),
    )
    op.create_index(op.f("ix_site_visit_ticket_id"), "site_visit", ["ticket_id"])
    op.create_table(
        "reply_quantity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("hundredths", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_quantity_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_quantity")),
    )
    op.create_index(op.f("ix_reply_quantity_reply_id"), "reply_quantity", ["reply_id"])
    op.create_index(op.f("ix_reply_quantity_unit"), "reply_quantity", ["unit"])
    with op.batch_alter_table("reply") as reply:
        reply.add_column(sa.Column("returned_at", _MOMENT, nullable=True))
        reply.add_column(sa.Column("returned_by_id", sa.Integer(), nullable=True))
        reply.add_column(sa.Column("return_reason", sa.Text(), nullable=False, server_default=""))
        reply.create_foreign_key(op.f("fk_reply_returned_by_id"), "user_account", ["returned_by_id"], ["id"])
    with op.batch_alter_table("reply") as reply:
        reply.alter_column("return_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reply") as reply:
        reply.drop_constraint(op.f("fk_reply_returned_by_id"), type_="foreignkey")
        reply.drop_column("return_reason")
        reply.drop_column("returned_by_id")
        reply.drop_column("returned_at")
    op.drop_table("reply_quantity")
    op.drop_table("site_visit")
