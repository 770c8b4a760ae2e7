"""The parts of a plan as people see them: title, one headline and one sentence an entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent_console.call_plan.labels import (
    ANSWERED_BY,
    DAYS,
    DEEDS,
    KEYS_ANNOUNCED,
    OVERFLOW_TO,
    PROMPT_LANGUAGES,
    WHEN_CLOSED,
)
from agent_console.department_names import unit_name
from agent_console.language import is_english
from agent_console.skill_names import skill_name
from agent_console.words import LazyString, _, _l
from hotline.call_plan.document import (
    AnsweredBy,
    ExceptionDay,
    Greeting,
    LeaderSlot,
    Line,
    Minimum,
    Overflow,
    OverflowStep,
    OverflowTo,
    Part,
    Plan,
    Shift,
    Shortcut,
    SurgeOrders,
    Tongue,
    WhenClosed,
)
from hotline.prompts.texts import sentences


@dataclass(frozen=True)
class Section:
    """A part of the plan. `name` is its field of `Plan`; a `single` one has no list of entries. `key` tells
    an entry from others when versions are compared."""

    name: str
    title: LazyString
    about: LazyString
    headline: Callable[[Plan, Part], str]
    sentence: Callable[[Plan, Part], str]
    key: Callable[[Part], str]
    single: bool = False

    def entries(self, plan: Plan) -> Sequence[Part]:
        """The entries of a plan; a single section has one."""
        found = getattr(plan, self.name)
        return (found,) if self.single else found


@dataclass(frozen=True)
class Difference:
    """One entry that is not the same in two plans; a side is None where it is not there."""

    section: Section
    headline: str
    before: str | None
    after: str | None


def differences(before: Plan, after: Plan) -> list[Difference]:
    """What somebody who knows `before` must read to know `after`."""
    found = []
    for section in SECTIONS:
        old, new = _told(section, before), _told(section, after)
        for key in dict.fromkeys((*old, *new)):
            was, is_now = old.get(key), new.get(key)
            if was != is_now:
                headline = (is_now or was or ("", ""))[0]
                found.append(Difference(section, headline, was and was[1], is_now and is_now[1]))
    return found


def _told(section: Section, plan: Plan) -> dict[str, tuple[str, str]]:
    return {
        section.key(entry): (section.headline(plan, entry), section.sentence(plan, entry))
        for entry in section.entries(plan)
    }


def name_of(entry: Line | Shift | Tongue | Overflow) -> str:
    """In the reader's language."""
    return entry.name_en if is_english() else entry.name_zh


def _named_by(entry_of: Callable[[str], Tongue | Overflow | None], code: str) -> str:
    """The code itself where the plan has no such entry."""
    entry = entry_of(code) if code else None
    return name_of(entry) if entry else code


def prompt_words(name: str) -> str:
    """What a prompt says, in the reader's language; its name where the words are not known."""
    words = sentences("en" if is_english() else "zh").get(name)
    return _("“%(words)s”", words=words) if words else name


def _joined(parts: Sequence[str]) -> str:
    return _("；").join(part for part in parts if part)


def _line(plan: Plan, line: Part) -> str:
    assert isinstance(line, Line)  # noqa: S101  the section's own kind
    shifts = _("、").join(name_of(shift) for shift in plan.shifts if shift.code in line.shifts)
    return _joined(
        [
            _("班次：%(shifts)s", shifts=shifts or _("全部")),
            _("问候语 %(name)s", name=prompt_words(line.greeting)) if line.greeting else "",
            _("技能 %(name)s", name=skill_name(line.skill)) if line.skill else "",
            _("单位 %(name)s", name=unit_name(line.department)) if line.department else "",
            _("语言 %(name)s", name=_named_by(plan.tongue, line.tongue)) if line.tongue else "",
            _("提前 %(minutes)s 分钟", minutes=line.priority) if line.priority else "",
            _("溢出规则 %(name)s", name=_named_by(plan.overflow, line.overflow)) if line.overflow else "",
            _closed(line) if line.shifts else "",
        ]
    )


def _closed(line: Line) -> str:
    target = {WhenClosed.LINE: line.closed_line, WhenClosed.DUTY: line.closed_phone}.get(line.when_closed, "")
    return _(
        "没有人在班时：%(what)s %(target)s", what=str(WHEN_CLOSED[line.when_closed]), target=target
    ).strip()


def _shift(plan: Plan, shift: Part) -> str:
    assert isinstance(shift, Shift)  # noqa: S101
    duty = shift.answered_by is AnsweredBy.DUTY
    skills = _("、").join(map(skill_name, shift.skills))
    return _joined(
        [
            f"{DAYS[shift.days]} {shift.begins:%H:%M}-{shift.ends:%H:%M}",
            _("振 %(phone)s", phone=shift.phone or "?") if duty else _("%(seats)s 个坐席", seats=shift.seats),
            str(ANSWERED_BY[shift.answered_by]),
            _("只有技能 %(names)s", names=skills) if skills else "",
            _("问候语 %(name)s", name=prompt_words(shift.greeting)) if shift.greeting else "",
        ]
    )


def _exception(plan: Plan, one: Part) -> str:
    assert isinstance(one, ExceptionDay)  # noqa: S101
    return _joined([_("按%(kind)s", kind=str(DAYS[one.treated_as])), one.note])


def _minimum(plan: Plan, one: Part) -> str:
    assert isinstance(one, Minimum)  # noqa: S101
    return _("至少 %(seats)s 个坐席", seats=one.seats)


def _minimum_headline(plan: Plan, one: Part) -> str:
    assert isinstance(one, Minimum)  # noqa: S101
    return f"{DAYS[one.days]} {one.begins:%H:%M}-{one.ends:%H:%M}"


def _tongue(plan: Plan, tongue: Part) -> str:
    assert isinstance(tongue, Tongue)  # noqa: S101
    return _joined(
        [
            _("技能 %(name)s", name=skill_name(tongue.skill)) if tongue.skill else _("任何坐席"),
            _("%(seconds)s 秒后改找号码自己的技能", seconds=tongue.skill_seconds) if tongue.skill else "",
            str(PROMPT_LANGUAGES[tongue.prompts]),
            _("问候语 %(name)s", name=prompt_words(tongue.greeting)) if tongue.greeting else "",
        ]
    )


def _shortcut(plan: Plan, shortcut: Part) -> str:
    assert isinstance(shortcut, Shortcut)  # noqa: S101
    tongue = plan.tongue(shortcut.tongue) if shortcut.tongue else None
    return _joined([str(DEEDS[shortcut.deed]), name_of(tongue) if tongue else shortcut.tongue])


def _overflow(plan: Plan, overflow: Part) -> str:
    assert isinstance(overflow, Overflow)  # noqa: S101
    return _joined([_step(plan, step) for step in overflow.steps])


def _step(plan: Plan, step: OverflowStep) -> str:
    target = ""
    if step.to is OverflowTo.CHAIN:
        target = _named_by(plan.overflow, step.chain)
    elif step.to is OverflowTo.SKILL:
        target = skill_name(step.skill)
    elif step.to is OverflowTo.DUTY:
        target = _("%(phone)s（最多 %(seconds)s 秒）", phone=step.phone or "?", seconds=step.ring_seconds)
    words = str(OVERFLOW_TO[step.to])
    return _(
        "%(seconds)s 秒：%(what)s %(target)s", seconds=step.after_seconds, what=words, target=target
    ).strip()


def _leader(plan: Plan, slot: Part) -> str:
    assert isinstance(slot, LeaderSlot)  # noqa: S101
    return _joined(
        [
            f"{slot.day} {slot.begins:%H:%M}-{slot.ends:%H:%M}",
            _("打 %(number)s 先振 %(phone)s", number=slot.number, phone=slot.phone or "?"),
            _("单位 %(name)s", name=unit_name(slot.department)) if slot.department else "",
            _("范围：%(scope)s", scope=slot.scope) if slot.scope else "",
        ]
    )


def _greeting(plan: Plan, greeting: Part) -> str:
    assert isinstance(greeting, Greeting)  # noqa: S101
    return _joined(
        [
            _("问候语 %(name)s", name=prompt_words(greeting.greeting or "?")),
            _("录音告知 %(name)s", name=prompt_words(greeting.notice or "?")),
            _("按键%(when)s", when=str(KEYS_ANNOUNCED[greeting.keys_announced])),
            prompt_words(greeting.keys_prompt) if greeting.keys_prompt else "",
        ]
    )


def _surge(plan: Plan, surge: Part) -> str:
    assert isinstance(surge, SurgeOrders)  # noqa: S101
    return _joined(
        [
            _("备用提示语 %(name)s", name=prompt_words(surge.banner)) if surge.banner else "",
            _("简化登记") if surge.short_intake else "",
            _("增加 %(seats)s 个坐席", seats=surge.extra_seats) if surge.extra_seats else "",
        ]
    ) or _("没有特别安排")


def _named(plan: Plan, entry: Part) -> str:
    assert isinstance(entry, Shift | Tongue | Overflow)  # noqa: S101
    return f"{name_of(entry)} ({entry.code})"


def _attribute(name: str) -> Callable[[Part], str]:
    return lambda entry: str(getattr(entry, name))


def _headline(name: str) -> Callable[[Plan, Part], str]:
    return lambda plan, entry: str(getattr(entry, name))


SECTIONS: Sequence[Section] = (
    Section(
        "lines",
        _l("并入的号码"),
        _l("每个号码一条：自己的问候语、技能、班次和下班安排。"),
        lambda plan, line: f"{line.number} {name_of(line)}" if isinstance(line, Line) else "",
        _line,
        _attribute("number"),
    ),
    Section(
        "greeting",
        _l("问候语和录音告知"),
        _l("接通人之前只有这两句，加起来短于 6 秒。"),
        lambda plan, greeting: _("先听到"),
        _greeting,
        lambda entry: "",
        single=True,
    ),
    Section(
        "shifts",
        _l("班次"),
        _l("什么时候由谁接。结束早于开始的，到第二天。"),
        _named,
        _shift,
        _attribute("code"),
    ),
    Section(
        "exceptions",
        _l("日期例外"),
        _l("和国家放假安排不同的日子。"),
        _headline("day"),
        _exception,
        _attribute("day"),
    ),
    Section(
        "minimums",
        _l("最低坐席"),
        _l("任何时刻安排的坐席不得少于这里的数。"),
        _minimum_headline,
        _minimum,
        lambda entry: str(entry),
    ),
    Section(
        "tongues",
        _l("语言和方言"),
        _l("第一种是通用的；其余由来电人按键选择，或由号码决定。"),
        _named,
        _tongue,
        _attribute("code"),
    ),
    Section(
        "shortcuts",
        _l("快捷按键"),
        _l("问候语里和排队时都能按，从来不是必须的。"),
        lambda plan, one: _("按 %(key)s", key=one.key) if isinstance(one, Shortcut) else "",
        _shortcut,
        _attribute("key"),
    ),
    Section(
        "overflows",
        _l("溢出规则"),
        _l("等了多少秒之后怎么办。第一条是默认的。"),
        _named,
        _overflow,
        _attribute("code"),
    ),
    Section(
        "leaders",
        _l("领导接听"),
        _l(
            "预告过的时段里，打这个号码先振领导的电话；范围以外的，"
            "来电人按找坐席的键，或者领导在通话里按 *0，就转给坐席。"
        ),
        _headline("leader"),
        _leader,
        lambda entry: f"{entry.leader} {entry.day} {entry.begins}" if isinstance(entry, LeaderSlot) else "",
    ),
    Section(
        "surge",
        _l("高峰应急"),
        _l("打开之后的安排；打开和关闭在实时看板上，一键完成。"),
        lambda plan, surge: _("打开之后"),
        _surge,
        lambda entry: "",
        single=True,
    ),
)
BY_NAME: Mapping[str, Section] = {section.name: section for section in SECTIONS}
