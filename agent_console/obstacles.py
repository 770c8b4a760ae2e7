"""Why the core refuses something, obstacle by obstacle; `agent_console/refusals.py` makes sentences of it."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.calls.rules import Reason
from hotline.extensions.rules import Obstacle
from hotline.follow_up.again import Obstacle as AgainObstacle
from hotline.harassment.service import Refusal as BarRefusal
from hotline.incidents.rules import Obstacle as IncidentObstacle
from hotline.intake.rules import Obstacle as IntakeObstacle
from hotline.merging.rules import Obstacle as MergeObstacle
from hotline.review.service import Obstacle as ReviewObstacle
from hotline.supervision.rules import Obstacle as SupervisionObstacle
from hotline.suspension.rules import Obstacle as SuspensionObstacle

EXTENSION_OBSTACLES: Labels = {
    Obstacle.FLASH: _l("特急件不能延期"),
    Obstacle.OVERDUE: _l("已过办理期限，不能再申请延期"),
    Obstacle.WAITING: _l("已申请延期，等热线审批"),
    Obstacle.TOO_OFTEN: _l("已延期两次，不能再延"),
    Obstacle.TOO_LONG: _l("超过可以延长的天数"),
    Obstacle.NO_PLAN: _l("请写明延期后的办理计划"),
    Obstacle.NO_REASON: _l("请写明理由"),
    Obstacle.NOT_TOLD: _l("还没有联系市民的记录，不能批准延期"),
    Obstacle.OWN_REQUEST: _l("不能审批自己或本单位的申请"),
    Obstacle.NOTHING_WAITS: _l("没有等审批的延期申请，可能已有人审批。请刷新页面"),
}

SUSPENSION_OBSTACLES: Labels = {
    SuspensionObstacle.WAITING: _l("已申请挂起，等督办员审批"),
    SuspensionObstacle.NO_REASON: _l("请写明理由"),
    SuspensionObstacle.NO_PLAN: _l("请写明计划"),
    SuspensionObstacle.REVIEW_DATE: _l("复查日期要在明天以后、90 天以内"),
    SuspensionObstacle.NOT_TOLD: _l("还没有向市民说明的记录，不能挂起"),
    SuspensionObstacle.OWN_REQUEST: _l("不能审批自己或本单位的申请"),
    SuspensionObstacle.NOTHING_WAITS: _l("没有等审批的挂起申请，可能已有人审批。请刷新页面"),
}

REVIEW_OBSTACLES: Labels = {
    ReviewObstacle.UNDECIDED: _l("请先逐项判断下面的敷衍信号是否属实"),
    ReviewObstacle.CONFIRMED: _l("已认定的信号达到 2 分，属于敷衍答复，不能通过，请退回"),
    ReviewObstacle.NOTHING_CONFIRMED: _l("退回理由选了敷衍答复，但各项信号都判为不属实"),
}

MERGE_OBSTACLES: Labels = {
    MergeObstacle.NO_SUCH_TICKET: _l("没有找到这个编号的工单"),
    MergeObstacle.ITSELF: _l("不能并入自己"),
    MergeObstacle.SEALED: _l("密封件不能并单"),
    MergeObstacle.MASTER_IS_HIDDEN: _l("那件要求保密，不能作主工单；可以把它并入这件"),
    MergeObstacle.MASTER_IS_MERGED: _l("那件已并入别的工单，请填它的主工单"),
    MergeObstacle.MASTER_IS_OVER: _l("那件已不在办理，不能作主工单"),
    MergeObstacle.NOTHING_UNSOLVED: _l("这件的市民没有说未解决，不需要重新办理"),
    MergeObstacle.CLOSED_TOO_LONG: _l("主工单办结已超过 30 天，请拆出这件单独办理"),
    MergeObstacle.NOT_THEIRS: _l("这件不是这个来电号码的工单，不能在这次通话里催办"),
    MergeObstacle.NOT_SAME_CALLER: _l("这件不是同一个号码的工单，不能作为再次发生关联"),
    MergeObstacle.NOT_OVER: _l("这件还没有办结，请催单，不作为再次发生"),
    MergeObstacle.NOBODY_HAS_IT: _l("这件现在没有在办理，不能催办；要办的请登记新工单"),
}

INCIDENT_OBSTACLES: Labels = {
    IncidentObstacle.NO_TITLE: _l("请写明是什么事"),
    IncidentObstacle.NO_CATEGORY: _l("请选择分类"),
    IncidentObstacle.NO_DEMAND: _l("请写明诉求"),
    IncidentObstacle.NO_REASON: _l("请写明理由"),
    IncidentObstacle.EXPECTED_IN_THE_PAST: _l("预计结束的时间已经过了"),
    IncidentObstacle.MASTER_HAS_ONE: _l("这件工单已是一个进行中的突发事件的主工单"),
    IncidentObstacle.NO_SUCH_INCIDENT: _l("没有找到这个突发事件"),
    IncidentObstacle.IS_OVER: _l("这个突发事件已经结束"),
    IncidentObstacle.STALE: _l("别人刚改过这个突发事件，请看新的内容再改"),
    IncidentObstacle.NOTHING_CHANGED: _l("没有改动"),
    IncidentObstacle.NOTHING_TO_TELL: _l("还没有写告知市民的话"),
    IncidentObstacle.ANOTHER_BANNER: _l("来电人正在听别的告知（高峰应急），请先在看板上关闭"),
    IncidentObstacle.DECIDED: _l("这个信号已经有人处理。请刷新页面"),
}

INTAKE_OBSTACLES: Labels = {
    IntakeObstacle.NO_SUCH_CHANNEL: _l("没有这个来源渠道，请重新选择"),
    IntakeObstacle.IN_FUTURE: _l("收到时间不能晚于现在"),
    IntakeObstacle.NO_LATE_REASON: _l("今天以前收到的，请写明补录原因"),
    IntakeObstacle.NO_SOURCE_NUMBER: _l("这个渠道的来件都有编号，请填写来源编号"),
    IntakeObstacle.CAME_BEFORE: _l("这个编号的来件已经有人写下，可能还是草稿"),
    IntakeObstacle.TOO_LONG: _l("太长，或含有不能保存的字符"),
    IntakeObstacle.STALE_PAGE: _l("这一页已经失效，请重新打开来件登记"),
    IntakeObstacle.SENT_BEFORE: _l("这一页已经提交过一次，改动后的内容没有保存；如果是另一件，请再提交一次"),
    IntakeObstacle.TOO_EARLY: _l("年份不对，请再看一遍"),
    IntakeObstacle.NOWHERE: _l("地点和联系电话请至少写一样"),
    IntakeObstacle.NOT_A_NUMBER: _l("这不像电话号码，请再看一遍，或空着"),
    IntakeObstacle.NO_REASON: _l("请写明理由"),
    IntakeObstacle.DECIDED: _l("已有人登记或搁置，请刷新页面"),
}

AGAIN_OBSTACLES: Labels = {
    AgainObstacle.CALLING: _l("正在拨打"),
    AgainObstacle.NEEDS_FINDING: _l("市民说没有解决，要先查明原因"),
    AgainObstacle.IN_ROW: _l("已经在排队，到时自动拨打"),
    AgainObstacle.NO_NUMBER: _l("没有联系电话，不能自动拨打"),
    AgainObstacle.TRIED: _l("这半天已经拨过，要换半天再拨"),
}

SUPERVISION_OBSTACLES: Labels = {
    SupervisionObstacle.NO_REASON: _l("请写明内容"),
    SupervisionObstacle.NOT_HIGHER: _l("已有同级或更高的督办，级别只升不降"),
    SupervisionObstacle.MUST_BE_SPECIAL: _l("重办两次仍没有解决的，必须专项督办，不能不采纳"),
    SupervisionObstacle.NO_DEPARTMENT: _l("还没有承办单位，不能督办"),
    SupervisionObstacle.OWN_PROPOSAL: _l("不能审批自己提出的督办"),
    SupervisionObstacle.NOT_ANSWERED: _l("单位还没有答复督办，不能向领导反馈"),
    SupervisionObstacle.NOT_REPORTED: _l("先向批示领导反馈，再结束督办"),
    SupervisionObstacle.IN_FUTURE: _l("批示日期不能晚于今天"),
    SupervisionObstacle.DUE_BEFORE: _l("办理期限不能早于批示日期"),
    SupervisionObstacle.NOT_WITH_UNIT: _l("现在不在承办单位手里，不能催办"),
    SupervisionObstacle.NOT_LATE: _l("没有超期，也没有逾期未签收，不用催办"),
    SupervisionObstacle.URGED: _l("已经催办过，单位的答复期限还没有到"),
    SupervisionObstacle.ARCHIVED: _l("工单已经归档，不能再批示。还要办的，请另登记一件"),
    SupervisionObstacle.NOTHING_OPEN: _l("没有等这一步的督办，可能已有人处理。请刷新页面"),
}

OUTGOING_REASONS: Labels = {
    Reason.NOT_A_NUMBER: _l("不是电话号码"),
    Reason.INTERNATIONAL: _l("国际号码"),
    Reason.PREMIUM: _l("高额收费号码"),
    Reason.NOT_LISTED: _l("不符合允许拨打的号码规则"),
    Reason.NOT_BY_THIS_ROLE: _l("这个岗位不能拨"),
    Reason.NOT_AT_THIS_HOUR: _l("现在不是外呼时间"),
    Reason.TOO_MANY: _l("一分钟内拨得太多"),
}

BAR_REFUSALS: Labels = {
    BarRefusal.NOT_A_NUMBER: _l("这不是一个电话号码。"),
    BarRefusal.PROTECTED: _l("这是紧急服务或承办单位的电话，不能列入名单。"),
    BarRefusal.NO_CALLS: _l("请选择这个号码的至少一次来电。"),
    BarRefusal.NO_DETAILS: _l("请写明具体情况。"),
    BarRefusal.BAD_DAYS: _l("天数是 1 到 90。"),
    BarRefusal.LISTED: _l("这个号码已经提出，或已在生效中。"),
    BarRefusal.SAME_PERSON: _l("提出人不能自己审批，须由另一位督办员审批。"),
    BarRefusal.DECIDED: _l("已经有人处理过了。请刷新页面。"),
    BarRefusal.NO_NOTE: _l("请写明理由。"),
}
