"""findings for reviewers, and the sentences that agents have to say."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

# Where a hotline begins; its supervisors change them in the console.
_SENTENCES = (
    ("报出热线名称", "opening", False, ["{number}", "服务热线", "市民热线", "便民热线"]),
    (
        "告知工单编号",
        "anywhere",
        True,
        ["工单编号", "工单号", "受理编号", "受理号", "登记编号", "编号是", "查询码"],
    ),
    ("结束语", "closing", False, ["感谢您的来电", "谢谢您的来电", "祝您生活愉快", "再见"]),
)


def upgrade() -> None:
    _create_check()
    _create_finding()
    op.bulk_insert(
        _create_sentence(),
        [
            {
                "name": name,
                "place": place,
                "with_number": with_number,
                "phrases": phrases,
                "language": "zh",
                "changed_at": datetime.now(UTC),
            }
            for name, place, with_number, phrases in _SENTENCES
        ],
    )
    op.create_table(
        "consistency_log_position",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consistency_log_position")),
    )
    # From now on by itself; earlier calls by `hotline findings`.
    op.execute(
        "INSERT INTO consistency_log_position (id, event_id) SELECT 1, COALESCE(MAX(id), 0) FROM event_log"
    )


def _create_check() -> None:
    op.create_table(
        "consistency_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(80), nullable=False),
        sa.Column("set_aside_at", _MOMENT, nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_consistency_check_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consistency_check")),
        sa.UniqueConstraint("call_id", name=op.f("uq_consistency_check_call_id")),
    )
    op.create_index(op.f("ix_consistency_check_due_at"), "consistency_check", ["due_at"])
    op.create_index(op.f("ix_consistency_check_set_aside_at"), "consistency_check", ["set_aside_at"])


def _create_finding() -> None:
    op.create_table(
        "review_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=True),
        sa.Column("until_s", sa.Double(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("model_name", sa.String(80), nullable=False),
        sa.Column("model_hash", sa.String(64), nullable=False),
        sa.Column("transcribed_at", _MOMENT, nullable=True),
        sa.Column("gone_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.String(20), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_review_finding_call_id")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_review_finding_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_finding")),
    )
    op.create_index("ix_review_finding_call", "review_finding", ["call_id", "id"])
    op.create_index("ix_review_finding_open", "review_finding", ["answer", "gone_at", "kind"])
    op.create_index(op.f("ix_review_finding_found_at"), "review_finding", ["found_at"])


def _create_sentence() -> sa.Table:
    return op.create_table(
        "required_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(20), nullable=False),
        sa.Column("with_number", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_sentence")),
        sa.UniqueConstraint("name", name=op.f("uq_required_sentence_name")),
    )


def downgrade() -> None:
    op.drop_table("consistency_log_position")
    op.drop_table("required_sentence")
    op.drop_table("review_finding")
    op.drop_table("consistency_check")
