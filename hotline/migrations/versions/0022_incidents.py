"""incidents, their history, and signals that many citizens tell of the same."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

# In SQL: to add a column that refers to a table, Alembic would copy the whole table on SQLite.
SURGE = (
    "ALTER TABLE surge ADD COLUMN incident_id INTEGER "
    "CONSTRAINT fk_surge_incident_id REFERENCES incident (id)"
)


def upgrade() -> None:
    _create_incident()
    _create_line()
    _create_signal()
    op.create_table(
        "group_log_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_log_position")),
    )
    op.execute(SURGE)


def _create_incident() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("category_code", sa.String(40), nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("demand", sa.String(200), nullable=False),
        sa.Column("told_zh", sa.String(120), nullable=False),
        sa.Column("told_en", sa.String(240), nullable=False),
        sa.Column("expected_end_at", _MOMENT, nullable=True),
        sa.Column("master_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("over_at", _MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_code"], ["category.code"], name=op.f("fk_incident_category_code")),
        sa.ForeignKeyConstraint(["master_id"], ["ticket.id"], name=op.f("fk_incident_master_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_state"), "incident", ["state"])
    op.create_index(op.f("ix_incident_master_id"), "incident", ["master_id"])
    _create_unique_where("uq_incident_open_master", "incident", ["master_id"], "state = 'open'")


def _create_line() -> None:
    op.create_table(
        "incident_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("actor_roles", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_line_incident_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_incident_line_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_line")),
    )
    op.create_index(op.f("ix_incident_line_incident_id"), "incident_line", ["incident_id"])


def _create_signal() -> None:
    references = {
        "category_code": "category.code",
        "decided_by_id": "user_account.id",
        "incident_id": "incident.id",
    }
    op.create_table(
        "group_signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.String(40), nullable=False),
        sa.Column("district", sa.String(40), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("citizens", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_group_signal_{column}"))
            for column, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_signal")),
    )
    where = ["category_code", "district", "place"]
    op.create_index("ix_group_signal_where", "group_signal", where)
    op.create_index(op.f("ix_group_signal_seen_at"), "group_signal", ["seen_at"])
    _create_unique_where("uq_group_signal_open", "group_signal", where, "decided_at IS NULL")


def _create_unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    only = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    op.execute("ALTER TABLE surge DROP COLUMN incident_id")
    for table in ("group_log_position", "group_signal", "incident_line", "incident"):
        op.drop_table(table)
