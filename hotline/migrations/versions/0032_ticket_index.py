"""the full-text index of tickets, filled from those that there are."""

from alembic import op
from sqlalchemy import text
from sqlalchemy.orm import Session

from hotline.text_index import TextIndex

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# One row a registered ticket, by its id; `terms` are made by hotline/text_index.py.
_INDEX = {
    "sqlite": [
        "CREATE VIRTUAL TABLE ticket_index USING fts5(terms, tokenize='unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE ticket_index (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)",
        "CREATE INDEX ix_ticket_index_terms ON ticket_index USING gin (terms)",
    ],
}
_BATCH = 1000
_TICKETS = text(
    "SELECT id, description, district, street, address, respondent FROM ticket "
    "WHERE id > :after AND number IS NOT NULL AND confidentiality <> 'sealed' ORDER BY id LIMIT :batch"
)
_QUESTIONS = text(
    "SELECT ticket_id, text, answer FROM question WHERE ticket_id > :after AND ticket_id <= :last "
    "ORDER BY ticket_id, position"
)


def upgrade() -> None:
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    session, index, after = Session(op.get_bind()), TextIndex("ticket_index"), 0
    while rows := session.execute(_TICKETS, {"after": after, "batch": _BATCH}).all():
        texts = {row.id: list(row[1:]) for row in rows}
        for ticket_id, *words in session.execute(_QUESTIONS, {"after": after, "last": rows[-1].id}):
            texts.get(ticket_id, []).extend(words)
        index.add(session, {ticket: "\n".join(filter(None, words)) for ticket, words in texts.items()})
        after = rows[-1].id


def downgrade() -> None:
    op.drop_table("ticket_index")
