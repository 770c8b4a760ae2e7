"""The words for the plan's kinds of things. Chinese here; the English is in `translations/en`."""

from agent_console.labels import Labels
from agent_console.words import _l
from hotline.call_plan.document import AnsweredBy, Days, Deed, KeysAnnounced, OverflowTo, WhenClosed
from hotline.call_plan.models import PlanState

DAYS: Labels = {
    Days.EVERY: _l("每天"),
    Days.WORKING: _l("工作日"),
    Days.OFF: _l("休息日"),
}

ANSWERED_BY: Labels = {
    AnsweredBy.AGENTS: _l("坐席接听"),
    AnsweredBy.DUTY: _l("值班电话接听"),
}

WHEN_CLOSED: Labels = {
    WhenClosed.MESSAGE: _l("请来电人留言，并记下欠回电"),
    WhenClosed.DUTY: _l("转值班电话"),
    WhenClosed.LINE: _l("转另一条热线"),
}

OVERFLOW_TO: Labels = {
    OverflowTo.SKILL: _l("改找有另一项技能的坐席"),
    OverflowTo.WIDER: _l("放宽到全部坐席"),
    OverflowTo.DUTY: _l("振值班电话，没接回到排队"),
    OverflowTo.MESSAGE: _l("请来电人留言，并记下欠回电"),
    OverflowTo.CHAIN: _l("接着走另一条溢出规则"),
}

DEEDS: Labels = {
    Deed.PROGRESS: _l("查询我的工单进度"),
    Deed.MESSAGE: _l("留言"),
    Deed.CALLBACK: _l("请回电，保留位置"),
    Deed.LANGUAGE: _l("换一种语言或方言"),
    Deed.SLOWER: _l("说慢一点"),
    Deed.LOUDER: _l("大声一点"),
    Deed.AGENT: _l("直接找接线员"),
}

KEYS_ANNOUNCED: Labels = {
    KeysAnnounced.NEVER: _l("不播报"),
    KeysAnnounced.WAITING: _l("排队时播报"),
    KeysAnnounced.FIRST: _l("排队前播报（不符合国家标准）"),
}

PLAN_STATES: Labels = {
    PlanState.DRAFT: _l("草稿"),
    PlanState.LIVE: _l("正在使用"),
    PlanState.SUPERSEDED: _l("已被替换"),
    PlanState.DISCARDED: _l("已丢弃"),
}

PROMPT_LANGUAGES: Labels = {"zh": _l("普通话提示语"), "en": _l("英语提示语")}
