"""The words of the supervision ladder."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.supervision.rules import CaseState, Kind, Level, Trigger

LEVELS: Labels = {
    Level.L0: _l("系统提醒（L0）"),
    Level.L1: _l("催办（L1）"),
    Level.L2: _l("督办通知单（L2）"),
    Level.L3: _l("专项督办（L3）"),
    Level.L4: _l("领导批示（L4）"),
    Level.L5: _l("通报批评、约谈（L5）"),
    Level.L6: _l("问责移送（L6）"),
}

SUPERVISION_KINDS: Labels = {
    Kind.HOTLINE: _l("热线督办"),
    Kind.INSPECTION: _l("政务督查"),
    Kind.MEDIA: _l("舆论监督"),
    Kind.EFFICIENCY: _l("效能监督"),
    Kind.CONDUCT: _l("纪律作风监督"),
}

TRIGGERS: Labels = {
    Trigger.HALF: _l("期限过半"),
    Trigger.FOUR_FIFTHS: _l("期限已过八成"),
    Trigger.DAY_BEFORE: _l("到期前一个工作日"),
    Trigger.UNSIGNED: _l("逾期未签收"),
    Trigger.NO_CONTACT: _l("未按时联系市民"),
    Trigger.OVERDUE: _l("已超期"),
    Trigger.REMINDED: _l("催单：市民催办"),
    Trigger.STILL_OVERDUE: _l("超期一个工作日仍未办结"),
    Trigger.DISSATISFIED: _l("回访不满意，转重办"),
    Trigger.REWORKED_TWICE: _l("重办两次，市民仍说没有解决"),
    Trigger.HIGH_LEVEL: _l("高位办：已报领导"),
    Trigger.REMINDED_OFTEN: _l("市民催办三次"),
    Trigger.PERFUNCTORY: _l("两次被认定敷衍答复"),
    Trigger.PRESSED: _l("市民受到压力才要求撤回"),
    Trigger.INSTRUCTION: _l("领导作出批示"),
    Trigger.JOINT: _l("媒体联合督办"),
    Trigger.PERSON: _l("人工提出"),
}

CASE_STATES: Labels = {
    CaseState.NOTED: _l("已提醒"),
    CaseState.PROPOSED: _l("待主任审批"),
    CaseState.ISSUED: _l("待单位答复"),
    CaseState.ANSWERED: _l("单位已答复"),
    CaseState.CLOSED: _l("已结束"),
    CaseState.DROPPED: _l("未采纳"),
}
