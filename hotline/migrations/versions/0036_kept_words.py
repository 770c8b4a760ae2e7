"""every correction of a finding, whose an answer is, categories that have to be looked at on the spot."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inspection_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["inspection_finding.id"], name=op.f("fk_inspection_correction_finding_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_inspection_correction_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_correction")),
    )
    op.create_index(op.f("ix_inspection_correction_finding_id"), "inspection_correction", ["finding_id"])
    op.execute(
        "INSERT INTO inspection_correction (finding_id, text, at, by_id) "
        "SELECT id, correction, corrected_at, corrected_by_id FROM inspection_finding "
        "WHERE corrected_at IS NOT NULL ORDER BY id"
    )
    with op.batch_alter_table("question") as question:
        question.add_column(sa.Column("answered_by_id", sa.Integer(), nullable=True))
        question.create_foreign_key(
            op.f("fk_question_answered_by_id"), "department", ["answered_by_id"], ["id"]
        )
    op.execute(
        "UPDATE question SET answered_by_id = (SELECT reply.department_id FROM reply "
        "WHERE reply.ticket_id = question.ticket_id ORDER BY reply.id DESC LIMIT 1) WHERE answer <> ''"
    )
    with op.batch_alter_table("category") as category:
        category.add_column(sa.Column("on_site", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("category") as category:
        category.alter_column("on_site", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("category") as category:
        category.drop_column("on_site")
    with op.batch_alter_table("question") as question:
        question.drop_constraint(op.f("fk_question_answered_by_id"), type_="foreignkey")
        question.drop_column("answered_by_id")
    op.drop_table("inspection_correction")
