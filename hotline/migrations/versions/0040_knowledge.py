"""the knowledge base: entries, what they said before, readers' words, their index."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
# One row an entry, by its id; `terms` are made by hotline/text_index.py.
_INDEX = {
    "sqlite": [
        "CREATE VIRTUAL TABLE knowledge_index USING fts5(terms, tokenize='unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE knowledge_index (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)",
        "CREATE INDEX ix_knowledge_index_terms ON knowledge_index USING gin (terms)",
    ],
}


def upgrade() -> None:
    op.create_table(
        "knowledge_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.String(40), nullable=True),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(60), nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.Column("source_ticket_id", sa.Integer(), nullable=True),
        *_references("knowledge_entry", owner_id="department.id", category_code="category.code"),
        *_references("knowledge_entry", source_ticket_id="ticket.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_entry")),
        sa.UniqueConstraint("source_ticket_id", name=op.f("uq_knowledge_entry_source_ticket_id")),
    )
    op.create_index(op.f("ix_knowledge_entry_owner_id"), "knowledge_entry", ["owner_id"])
    op.create_index(op.f("ix_knowledge_entry_category_code"), "knowledge_entry", ["category_code"])
    _what_was_said()
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "knowledge_index",
        "knowledge_dismissal",
        "knowledge_feedback",
        "knowledge_version",
        "knowledge_entry",
    ):
        op.drop_table(table)


def _what_was_said() -> None:
    op.create_table(
        "knowledge_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(20), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        *_references("knowledge_version", entry_id="knowledge_entry.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_version")),
        sa.UniqueConstraint("entry_id", "version", name=op.f("uq_knowledge_version_entry_id")),
    )
    op.create_table(
        "knowledge_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(60), nullable=False),
        sa.Column("settled_words", sa.Text(), nullable=False),
        *_references("knowledge_feedback", entry_id="knowledge_entry.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_feedback")),
    )
    op.create_index(op.f("ix_knowledge_feedback_entry_id"), "knowledge_feedback", ["entry_id"])
    op.create_table(
        "knowledge_dismissal",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        *_references("knowledge_dismissal", ticket_id="ticket.id"),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_knowledge_dismissal")),
    )


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]
