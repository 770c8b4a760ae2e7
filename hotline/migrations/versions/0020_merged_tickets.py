"""tickets that are merged under another."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# In SQL: to add a column that refers to a table, Alembic would copy the whole table on SQLite.
ADD = "ALTER TABLE ticket ADD COLUMN master_id INTEGER CONSTRAINT fk_ticket_master_id REFERENCES ticket (id)"


def upgrade() -> None:
    op.execute(ADD)
    op.create_index(op.f("ix_ticket_master_id"), "ticket", ["master_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_master_id"), table_name="ticket")
    op.execute("ALTER TABLE ticket DROP COLUMN master_id")
