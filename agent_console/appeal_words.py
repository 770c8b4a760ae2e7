"""What citizens ask the hotline to decide, and why something of it is refused, in words."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l
from hotline.appeals.exceptional import ExceptionalGround
from hotline.appeals.models import AppealKind, AppealState
from hotline.appeals.ordered import OrderObstacle
from hotline.appeals.rules import Obstacle
from hotline.appeals.service import Found

APPEAL_KINDS: Mapping[str, LazyString] = {
    AppealKind.WITHDRAWAL: _l("要求撤回"),
    AppealKind.RELAPSE: _l("问题又出现了"),
    AppealKind.NEW_FACTS: _l("有新的情况"),
    AppealKind.OBJECTION: _l("提出异议"),
}

APPEAL_STATES: Mapping[str, LazyString] = {
    AppealState.ASKED: _l("等决定"),
    AppealState.GRANTED: _l("已同意"),
    AppealState.REFUSED: _l("没有同意"),
    AppealState.PRESSED: _l("撤回非自愿，继续办理"),
    AppealState.DROPPED: _l("不再需要决定"),
}

FOUND: Mapping[str, LazyString] = {
    Found.FREELY: _l("市民自愿撤回"),
    Found.PRESSED: _l("市民受到压力，并非自愿"),
    Found.NOT_REACHED: _l("没有联系上"),
}

GROUNDS: Mapping[str, LazyString] = {
    ExceptionalGround.INSTRUCTION: _l("领导批示"),
    ExceptionalGround.COURT: _l("法院裁判"),
    ExceptionalGround.INSPECTION: _l("督查或监察结论"),
}

APPEAL_OBSTACLES: Mapping[str, LazyString] = {
    Obstacle.NOT_NOW: _l("这件工单现在不能提出这项申请，请刷新页面"),
    Obstacle.WAITING: _l("已有一项市民申请等决定，要先决定那一项"),
    Obstacle.DANGER: _l("涉及公共安全的特急件，市民要求撤回也要办完"),
    Obstacle.OTHERS_WAIT: _l("有别的市民的工单并在这件下面，要先拆出"),
    Obstacle.TOO_LATE: _l(
        "已超过期限：办结 30 日内可以要求重新办理，不予受理 10 日内可以提出一次异议。请另行登记"
    ),
    Obstacle.REFERRED: _l("已转其他机关按其规定办结，请告知市民向该机关反映"),
    Obstacle.ANONYMISED: _l("工单已匿名化，看不出是谁、在哪里，不能重新办理。请另行登记"),
    Obstacle.NO_WORDS: _l("请写下市民是怎么说的"),
    Obstacle.NO_REASON: _l("请写明理由"),
    Obstacle.NOTHING_WAITS: _l("没有等决定的市民申请，可能已有人处理。请刷新页面"),
    Obstacle.NOT_CHECKED: _l("已在办理的，要先由热线回访，确认市民是自愿撤回"),
    Obstacle.CHECKED: _l("已经回访核实过。请刷新页面"),
    Obstacle.OWN_REQUEST: _l("谁记录或核实，谁不能决定"),
}

ORDER_OBSTACLES: Mapping[str, LazyString] = {
    OrderObstacle.REFERRED: _l("已由其他机关按其规定办结，要由该机关重新办理"),
    OrderObstacle.OWN_DEED: _l("您经办过这件工单，不能由您决定重新办理，请由他人决定"),
    OrderObstacle.OWN_DEPARTMENT: _l("您的单位承办过这件工单，不能由您决定重新办理，请由他人决定"),
    OrderObstacle.NO_REASON: _l("请写明理由"),
}
