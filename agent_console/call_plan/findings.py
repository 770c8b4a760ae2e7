"""What the checker found, in words: one sentence a finding, saying what is wrong and what would be right."""

from collections.abc import Mapping

from agent_console.call_plan.labels import DAYS
from agent_console.obstacles import OUTGOING_REASONS
from agent_console.skill_names import skill_name
from agent_console.words import LazyString, _l
from hotline.call_plan.findings import Code, Finding

WORDS: Mapping[Code, LazyString] = {
    Code.MAIN_NUMBER_MISSING: _l("热线自己的号码 %(number)s 不在方案里，打进来的人会听到“空号”。请加上它。"),
    Code.NUMBER_TWICE: _l("号码 %(name)s 出现了两次，只有第一条有效。请删掉一条。"),
    Code.NUMBER_IS_EMERGENCY: _l("%(number)s 是紧急服务的号码，打它的电话到不了热线。请再看一遍。"),
    Code.NUMBER_IS_EXTENSION: _l("%(number)s 已是一个坐席的分机号，不会是合并进来的号码。请再看一遍。"),
    Code.CODE_TWICE: _l("代码 %(name)s 用了两次，请改一个。"),
    Code.DATE_TWICE: _l("日期 %(name)s 有两条例外，请只留一条。"),
    Code.KEY_TWICE: _l("按键 %(name)s 绑定了两次，请改一个。"),
    Code.UNKNOWN_SHIFT: _l("没有代码为 %(name)s 的班次。"),
    Code.UNKNOWN_TONGUE: _l("没有代码为 %(name)s 的语言或方言。"),
    Code.UNKNOWN_CHAIN: _l("没有代码为 %(name)s 的溢出规则。"),
    Code.UNKNOWN_LINE: _l("方案里没有号码 %(name)s。"),
    Code.UNKNOWN_SKILL: _l("没有技能 %(name)s，请先在技能表里建立。"),
    Code.UNKNOWN_DEPARTMENT: _l("没有代码为 %(name)s 的单位。"),
    Code.PROMPT_MISSING: _l("没有名为 %(name)s 的提示语，来电人会听到一段空白。"),
    Code.PROMPT_UNSET: _l("这里必须选一条提示语。"),
    Code.PHONE_MISSING: _l("要振铃的电话没有填写。"),
    Code.PHONE_IS_OURS: _l("%(number)s 是热线自己的号码，来电会转回热线，兜圈子。"),
    Code.PHONE_REFUSED: _l(
        "外呼规则不允许拨 %(number)s（%(reason)s），不会振铃。请改号码，或先登记到承办单位的值班电话里。"
    ),
    Code.TONGUE_UNSET: _l("按键 %(key)s 要换语言，但没有说换成哪一种。"),
    Code.SKILL_UNSET: _l("第 %(seconds)s 秒这一步要改找另一项技能，但没有说是哪一项。"),
    Code.LINE_LOOP: _l("下班后转来转去又回到原处：%(way)s。"),
    Code.CHAIN_LOOP: _l("溢出规则兜圈子：%(way)s。"),
    Code.STEP_UNREACHABLE: _l(
        "第 %(seconds)s 秒这一步永远走不到：前面已经有一步结束了排队或放宽到全部坐席，或者同一秒有两步。"
    ),
    Code.CHAIN_WITHOUT_END: _l("溢出规则 %(name)s 没有终点；等到系统设定的最长等待时间，就会请来电人留言。"),
    Code.CHAIN_UNUSED: _l("没有一条热线使用溢出规则 %(name)s。"),
    Code.SKILL_NEVER_ASKED: _l(
        "选了语言 %(tongue)s 的来电轮不到技能 %(name)s：第 %(seconds)s 秒已经放宽到全部坐席。"
        "请把这种语言的秒数改小。"
    ),
    Code.SHIFT_UNUSED: _l("没有一条热线在班次 %(name)s 里有人接。"),
    Code.TONGUE_UNREACHABLE: _l("没有按键也没有热线通向语言 %(name)s。"),
    Code.CLOSED_UNREACHABLE: _l("这条热线全天有人，下班后的安排永远用不到。"),
    Code.NOBODY: _l("%(days)s %(span)s 没有人接电话。热线要 7×24 小时有人。"),
    Code.MESSAGE_ONLY: _l("%(days)s %(span)s 打这个号码只能留言。"),
    Code.TOO_FEW_SEATS: _l("%(days)s %(span)s 安排的坐席少于最低要求。"),
    Code.NO_SEATS: _l("班次 %(name)s 没有安排坐席。"),
    Code.SKILL_NOT_ON: _l("%(days)s %(span)s 没有会 %(name)s 的坐席在班，来电由其他坐席接听。"),
    Code.NOBODY_HAS_SKILL: _l("现在没有一个坐席有技能 %(name)s。"),
    Code.TONGUE_WITHOUT_SKILL: _l("语言 %(name)s 没有对应的技能，任何坐席都会接到这些来电。"),
    Code.MENU_FIRST: _l("接通人之前不能放按键菜单（GB/T 33358）。按键请放到排队时播报。"),
    Code.GREETING_TOO_LONG: _l("问候语 %(name)s 加录音告知共 %(seconds)s 秒，必须短于 6 秒。"),
    Code.SLOT_BACKWARDS: _l("%(leader)s 的接听时段结束得比开始早。"),
    Code.SLOTS_OVERLAP: _l("%(first)s 和 %(second)s 的时段在同一号码 %(number)s 上重叠。"),
    Code.LEADER_TWICE: _l("%(first)s 和 %(second)s 的时段重叠，用的是同一部电话。"),
    Code.SLOT_PAST: _l("%(leader)s 的接听时段已经过去，可以删掉。"),
    Code.SLOT_ON_MAIN: _l("%(leader)s 在总号码上接听：这段时间所有来电都会先振领导的电话。"),
    Code.SCOPE_UNSAID: _l(
        "%(leader)s 的接听时段写了接听范围，却没有自己的问候语，来电人听不到这个范围。"
        "请选一条把范围说清楚的问候语。"
    ),
    Code.YEAR_UNKNOWN: _l("还没有 %(year)s 年的放假安排，暂按周一至周五为工作日。"),
}


_ABOUT_A_SKILL = (Code.SKILL_NEVER_ASKED, Code.SKILL_NOT_ON, Code.NOBODY_HAS_SKILL)


def words_of(finding: Finding) -> str:
    """The sentence."""
    facts = dict(finding.facts)
    if "days" in facts:
        facts["days"] = str(DAYS[facts["days"]])
    if finding.code in _ABOUT_A_SKILL:
        facts["name"] = skill_name(facts["name"])
    if "reason" in facts:
        facts["reason"] = str(OUTGOING_REASONS[facts["reason"]])
    return str(WORDS[finding.code]) % facts
