"""reviewers' verdicts on replies, the words behind their signals, and proposals for supervision."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

# Where a hotline begins; its supervisors change them in the console.
_WORDS = {
    "promise": (
        "将出方案 在研究中 正在研究 加强监管 将尽快 会尽快 下一步将 下一步我们将 "
        "已转相关部门 请耐心等待 争取早日 将认真研究 将适时 择机 待条件成熟 将持续关注 "
        "列入计划 纳入计划 将进一步"
    ),
    "attitude": (
        "敬请谅解 高度重视 非常重视 十分重视 深表歉意 表示歉意 虚心接受 认真对待 "
        "举一反三 引以为戒 统一思想 提高认识 感谢您的关心 感谢您的支持 感谢您的理解 "
        "感谢您的来电 感谢您的监督 感谢您对我 尊敬的市民 尊敬的来电人 感谢您的反映 "
        "祝您生活愉快"
    ),
    "measure": (
        "更换 维修 修复 抢修 安装 拆除 清理 清运 清扫 疏通 整改 查处 立案 处罚 "
        "责令 约谈 关停 查封 退款 退还 补发 发放 缴纳 办结 恢复供 开通 加固 铺设 "
        "补种 修剪 消杀 巡查 检测 监测 调查 核实 核查 查明 协调 调解 劝离 施划 "
        "增设 调整 处理完毕 送达 说明 解释 告知 答复 检修"
    ),
    "contact": (
        "已联系 已与您联系 已电话联系 电话沟通 电话联系 已与市民 已与来电人 已与诉求人 "
        "与您取得联系 与您沟通 已当面 电话告知 电话回复 已向您解释 已向您说明 已向市民"
    ),
    "visit": (
        "到现场 赴现场 现场核实 现场查看 现场勘查 现场检查 实地查看 实地走访 实地核实 "
        "上门查看 上门核实 上门走访"
    ),
    "solved": "已解决 问题解决 已处理完毕 已办结 已恢复正常 已修复 得到解决 已整改到位",
    "no_answer": ("同上 见上 见答复 详见 如上 参见 已阅 收到 知悉 已知悉 已处理 无此项 已回复 已答复"),
}


def upgrade() -> None:
    now = datetime.now(UTC)
    op.bulk_insert(
        _create_words(),
        [
            {"name": name, "phrases": phrases.split(), "changed_at": now, "changed_by": ""}
            for name, phrases in _WORDS.items()
        ],
    )
    _create_verdict()
    _create_signal()
    _create_proposal()


def _create_words() -> sa.Table:
    return op.create_table(
        "signal_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal_words")),
        sa.UniqueConstraint("name", name=op.f("uq_signal_words_name")),
    )


def _create_verdict() -> None:
    references = {
        "reply_id": "reply",
        "ticket_id": "ticket",
        "department_id": "department",
        "by_id": "user_account",
    }
    op.create_table(
        "reply_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("perfunctory", sa.Boolean(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        *_foreign_keys("reply_verdict", references),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_verdict")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_reply_verdict_reply_id")),
    )
    op.create_index(op.f("ix_reply_verdict_ticket_id"), "reply_verdict", ["ticket_id"])
    op.create_index("ix_reply_verdict_perfunctory", "reply_verdict", ["department_id", "perfunctory", "at"])


def _create_signal() -> None:
    op.create_table(
        "judged_signal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("signal", sa.String(20), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        *_foreign_keys("judged_signal", {"verdict_id": "reply_verdict"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_signal")),
        sa.UniqueConstraint("verdict_id", "signal", name=op.f("uq_judged_signal_verdict_id")),
    )


def _create_proposal() -> None:
    references = {"ticket_id": "ticket", "department_id": "department", "verdict_id": "reply_verdict"}
    op.create_table(
        "perfunctory_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("proposed_at", _MOMENT, nullable=False),
        sa.Column("taken_at", _MOMENT, nullable=True),
        *_foreign_keys("perfunctory_proposal", references),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_perfunctory_proposal")),
        sa.UniqueConstraint("verdict_id", name=op.f("uq_perfunctory_proposal_verdict_id")),
    )
    for column in ("ticket_id", "taken_at"):
        op.create_index(op.f(f"ix_perfunctory_proposal_{column}"), "perfunctory_proposal", [column])


def _foreign_keys(table: str, references: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in references.items()
    ]


def downgrade() -> None:
    for table in ("perfunctory_proposal", "judged_signal", "reply_verdict", "signal_words"):
        op.drop_table(table)
