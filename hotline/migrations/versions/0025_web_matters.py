"""what citizens write on the public page."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_by_id", sa.Integer(), nullable=True),
        sa.Column("aside_why", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_web_matter_contact_id")),
        sa.ForeignKeyConstraint(["aside_by_id"], ["user_account.id"], name=op.f("fk_web_matter_aside_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_matter")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_web_matter_contact_id")),
    )
    op.create_index(op.f("ix_web_matter_aside_at"), "web_matter", ["aside_at"])


def downgrade() -> None:
    op.drop_table("web_matter")
