"""the log of what was anonymised, and which tickets are."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER anonymised_entry_{act.lower()} BEFORE {act} ON anonymised_entry "
        "BEGIN SELECT RAISE(ABORT, 'the log of anonymising is append only'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION anonymised_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log of anonymising is append only'; END $$",
        "CREATE TRIGGER anonymised_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON anonymised_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION anonymised_entry_is_append_only()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "anonymised_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("period_days", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_anonymised_entry_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymised_entry")),
    )
    op.create_index(op.f("ix_anonymised_entry_at"), "anonymised_entry", ["at"])
    op.create_index(op.f("ix_anonymised_entry_ticket_id"), "anonymised_entry", ["ticket_id"])
    op.add_column("ticket", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    undone = sa.text("anonymised_at IS NULL")
    op.create_index(
        "ix_ticket_personal", "ticket", ["received_at"], sqlite_where=undone, postgresql_where=undone
    )
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_ticket_personal", "ticket")
    op.drop_column("ticket", "anonymised_at")
    op.drop_table("anonymised_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION anonymised_entry_is_append_only()")
