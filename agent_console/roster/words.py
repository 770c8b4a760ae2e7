"""The roster in words."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from markupsafe import Markup

from agent_console.language import is_english
from agent_console.roster.reads import Week
from agent_console.words import LazyString, _, _l
from hotline.call_plan.document import Shift
from hotline.roster.rules import Obstacle
from hotline.roster.sheets import Unknown, Unread

LONGEST = 40
"""Characters of a text that is repeated."""

_OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.UNKNOWN_PERSON: _l("这个人不是在岗的接线员"),
    Obstacle.UNKNOWN_SHIFT: _l("来电方案里没有这个班次"),
    Obstacle.NOT_THAT_DAY: _l("这一天不上这个班"),
    Obstacle.PAST: _l("过去的日子不能改"),
    Obstacle.TWICE: _l("和另一班的时间重叠"),
    Obstacle.NO_DAY_OFF: _l("一周七天没有休息日"),
}


def obstacle_words(obstacle: Obstacle, rest_hours: int) -> str:
    """One sentence."""
    if obstacle is Obstacle.TOO_LITTLE_REST:
        return _("两班之间休息不到 %(hours)d 小时", hours=rest_hours)
    return str(_OBSTACLES[obstacle])


def shift_name(shift: Shift) -> str:
    """In the reader's language."""
    return shift.name_en if is_english() else shift.name_zh


def options_of(week: Week) -> Callable[[date, str], Markup]:
    """What can be chosen in a cell, by its day and what stands in it. Hundreds of cells have the same: theirs
    are written once."""

    @cache
    def options(day: date, code: str) -> Markup:
        names = {"": "–"} | {one.code: shift_name(one) for one in week.choices(day)}
        names.setdefault(code, _("%(code)s（没有了）", code=code))
        return Markup().join(_option(one, name, one == code) for one, name in names.items())

    return options


def _option(code: str, name: str, is_chosen: bool) -> Markup:
    chosen = Markup(" selected") if code and is_chosen else ""
    return Markup('<option value="{}"{}>{}</option>').format(code, chosen, name)


def shift_hours(shift: Shift) -> str:
    """`20:00-08:00`"""
    return f"{shift.begins:%H:%M}-{shift.ends:%H:%M}"


def told_unread(one: Unread) -> str:
    """What a sheet says that the roster does not know, and where."""
    match one.what:
        case Unknown.NO_EXTENSIONS:
            return _("表格第一行没有“分机”这一列。")
        case Unknown.NO_DAYS:
            return _("表格第一行没有这一周的日期，请写成 2026-05-01 的样子。")
        case Unknown.PERSON:
            return _("第 %(line)d 行：没有分机是“%(text)s”的接线员。", line=one.line, text=one.text[:LONGEST])
    day = one.day.isoformat() if one.day else ""
    return _("第 %(line)d 行 %(day)s：没有班次“%(text)s”。", line=one.line, day=day, text=one.text[:LONGEST])
