"""The steps of a decision in words: what a call would meet, one sentence a step."""

from collections.abc import Callable, Mapping

from agent_console.call_plan.labels import DAYS, DEEDS
from agent_console.call_plan.sections import prompt_words
from agent_console.language import is_english
from agent_console.skill_names import skill_name
from agent_console.words import _
from hotline.call_plan.decision import Facts, Step, StepKind
from hotline.call_plan.document import OverflowTo
from hotline.call_plan.hours import DayReason

Teller = Callable[[Facts], str]


def tell(step: Step) -> str:
    """One sentence."""
    return _TELLERS[step.kind](step.facts)


def _name(facts: Facts) -> str:
    return facts["name_en" if is_english() else "name_zh"]


def _dialled(facts: Facts) -> str:
    return _("打 %(number)s，是“%(name)s”。", number=facts["number"], name=_name(facts))


def _day(facts: Facts) -> str:
    kind = str(DAYS[facts["days"]])
    match facts["reason"]:
        case DayReason.EXCEPTION:
            return _(
                "%(date)s 按方案的例外算%(kind)s。%(note)s", date=facts["date"], kind=kind, note=facts["note"]
            )
        case DayReason.WEEKDAY:
            return _("%(date)s 还没有放假安排，按星期算%(kind)s。", date=facts["date"], kind=kind)
    return _("%(date)s 按国家放假安排是%(kind)s。", date=facts["date"], kind=kind)


def _shift(facts: Facts) -> str:
    return _(
        "在班：%(name)s（%(hours)s），安排坐席 %(seats)s 个。",
        name=_name(facts),
        **_of(facts, "hours", "seats"),
    )


def _overflow(facts: Facts) -> str:
    match facts["to"]:
        case OverflowTo.WIDER:
            return _("等到第 %(seconds)s 秒，放宽到全部坐席。", seconds=facts["seconds"])
        case OverflowTo.SKILL:
            return _(
                "等到第 %(seconds)s 秒，改找有技能 %(skill)s 的坐席。",
                seconds=facts["seconds"],
                skill=skill_name(facts["skill"]),
            )
        case OverflowTo.DUTY:
            return _duty_step(facts)
    return _("等到第 %(seconds)s 秒，请来电人留言，并记下欠回电。", seconds=facts["seconds"])


def _duty_step(facts: Facts) -> str:
    told = _of(facts, "seconds", "phone", "ring_seconds")
    rings = _("等到第 %(seconds)s 秒，振 %(phone)s，最多 %(ring_seconds)s 秒；", **told)
    return rings + (_("没接就接着走下一步。") if facts["at_once"] else _("没接就按原来的位置回到排队。"))


def _leader(facts: Facts) -> str:
    return _(
        "%(leader)s 正在接听（到 %(until)s，范围：%(scope)s），先振 %(phone)s；没接或按键跳过，就到坐席。",
        **_of(facts, "leader", "until", "phone"),
        scope=facts["scope"] or _("不限"),
    )


def _surge(facts: Facts) -> str:
    if facts["banner"]:
        return _("高峰应急已打开，先播高峰提示 %(banner)s。", banner=facts["banner"])
    return _("高峰应急已打开，没有写提示语。")


def _of(facts: Facts, *names: str) -> dict[str, str]:
    return {name: facts[name] for name in names}


_TELLERS: Mapping[StepKind, Teller] = {
    StepKind.DIALLED: _dialled,
    StepKind.UNKNOWN_NUMBER: lambda facts: _(
        "%(number)s 不是热线的号码：来电人听到“号码不存在”。", number=facts["number"] or _("（空）")
    ),
    StepKind.DAY: _day,
    StepKind.SHIFT: _shift,
    StepKind.NOBODY_ON: lambda facts: _("这条热线现在没有人接。"),
    StepKind.TO_LINE: lambda facts: _(
        "按下班安排，转到 %(number)s“%(name)s”。", number=facts["number"], name=_name(facts)
    ),
    StepKind.TO_CLOSED_DUTY: lambda facts: _(
        "按下班安排，振 %(phone)s；没接就请来电人留言。", phone=facts["phone"]
    ),
    StepKind.TO_MESSAGE: lambda facts: _("请来电人留言，并记下欠回电。"),
    StepKind.LOOP: lambda facts: _("下班安排兜圈子回到 %(number)s，到此为止。", number=facts["number"]),
    StepKind.TONGUE: lambda facts: _("说%(name)s。", name=_name(facts)),
    StepKind.LEADER: _leader,
    StepKind.PAST_LEADER: lambda facts: _("来电人按键跳过了 %(leader)s。", leader=facts["leader"]),
    StepKind.SURGE: _surge,
    StepKind.PROMPTS: lambda facts: _(
        "依次听到：%(prompts)s", prompts=" → ".join(map(prompt_words, facts["prompts"].split()))
    ),
    StepKind.DUTY: lambda facts: _("振值班电话 %(phone)s；没接就请来电人留言。", phone=facts["phone"]),
    StepKind.QUEUE: lambda facts: _("进入排队，第一个空闲的坐席接听。"),
    StepKind.SKILL: lambda facts: _("先找有技能 %(skill)s 的坐席。", skill=skill_name(facts["skill"])),
    StepKind.SKILL_NOT_ON: lambda facts: _(
        "班上没有技能 %(skill)s 的坐席，不让来电人空等，任何坐席都可以接。", skill=skill_name(facts["skill"])
    ),
    StepKind.NO_SKILL: lambda facts: _("%(name)s没有对应的技能，任何坐席都可能接到。", name=_name(facts)),
    StepKind.OVERFLOW: _overflow,
    StepKind.NO_END: lambda facts: _(
        "溢出规则没有终点：等到系统设定的最长等待时间，请来电人留言，并记下欠回电。"
    ),
    StepKind.KEY: lambda facts: _("按 %(key)s：%(deed)s", key=facts["key"], deed=str(DEEDS[facts["deed"]])),
}
