"""When it happened: 昨天晚上, 三天前, 上周五下午三点, from the moment of the call on the city's clock."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hotline.language.spoken_numbers import digits_of
from hotline.suggestions.values import Field, Spoken, Suggestion

_N = "[0-9零一二三四五六七八九十两]{1,4}"
_HOURS = {
    "凌晨": 3, "清晨": 6, "早上": 8, "早晨": 8, "早": 8, "上午": 10, "中午": 12, "下午": 15, "傍晚": 18,
    "晚上": 20, "晚": 20, "夜里": 23, "夜": 23, "半夜": 23, "后半夜": 2,
}  # fmt: skip
_PART = rf"(?P<part>{'|'.join(sorted(_HOURS, key=len, reverse=True))})"
_CLOCK = rf"(?:(?P<hour>{_N})点(?P<minute>半|{_N}分)?)"
_OF_DAY = rf"(?:{_PART})?{_CLOCK}?"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_AFTERNOON = ("下午", "傍晚", "晚上", "晚", "夜里", "夜", "半夜")
_NOON = 12

_Day = Callable[[re.Match[str], date], date]


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    day: _Day
    confidence: float


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, 28))


def _weekday(match: re.Match[str], today: date) -> date:
    weeks = 1 if match["week"].startswith("上") else 0
    monday = today - timedelta(days=today.weekday() + 7 * weeks)
    return monday + timedelta(days=_WEEKDAYS[match["weekday"]] if match["weekday"] else 0)


def _calendar_day(match: re.Match[str], today: date) -> date:
    month, day = int(digits_of(match["month"])), int(digits_of(match["day"]))
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return date(year, month, day)


def _some_ago(match: re.Match[str], today: date) -> date:
    count = int(digits_of(match["count"]))
    if match["unit"] in ("个月", "月"):
        return _months_before(today, count)
    if match["unit"] == "年":
        return _months_before(today, 12 * count)
    return today - timedelta(days=count * (7 if match["unit"] != "天" else 1))


_DAYS = {"今天": 0, "今": 0, "刚才": 0, "刚刚": 0, "昨天": 1, "昨": 1, "前天": 2, "大前天": 3}
_UNIT = r"(?P<unit>天|个星期|星期|个礼拜|礼拜|周|个月|年)"

_RULES = (
    _Rule(re.compile(rf"(?P<month>{_N})月(?P<day>{_N})[号日]{_OF_DAY}"), _calendar_day, 0.95),
    _Rule(
        re.compile(rf"(?P<name>大前天|前天|昨天|今天|昨(?=[晚夜早])|今(?=[晚早])){_OF_DAY}"),
        lambda match, today: today - timedelta(days=_DAYS[match["name"]]),
        0.95,
    ),
    _Rule(
        re.compile(
            rf"(?P<week>上个?(?:周|星期|礼拜)|这个?(?:周|星期|礼拜))(?P<weekday>[一二三四五六日天末])?{_OF_DAY}"
        ),
        _weekday,
        0.9,
    ),
    _Rule(re.compile(r"上个月"), lambda match, today: _months_before(today, 1), 0.7),
    _Rule(re.compile(r"去年"), lambda match, today: _months_before(today, 12), 0.5),
    _Rule(re.compile(rf"(?P<count>{_N}){_UNIT}(?:之|以)?前"), _some_ago, 0.9),
    _Rule(re.compile(rf"(?:已经|都|有|快)?(?P<count>{_N}){_UNIT}多?(?:了|没|不|都|还)"), _some_ago, 0.6),
)
_JUST_NOW = re.compile(r"刚才|刚刚|正在|现在")
_RECURS = re.compile(
    r"每天(?:早上|上午|中午|下午|晚上|夜里|凌晨|半夜)?|天天(?:晚上|早上|半夜)?|每(?:周|个?星期)[一二三四五六日天]|每到?(?:晚上|周末|下雨)|一到(?:晚上|夏天|冬天|下雨)"
)


def times(spoken: Spoken, moment: datetime) -> list[Suggestion]:
    """When it happened (as `2026-11-20T20:00` on the city's clock), and how it recurs, where that was said.

    `moment` is when the call began, aware, on the city's clock. A day without a time of day is its midnight.
    """
    found = [_occurred(spoken, moment)]
    recurs = _RECURS.search(spoken.text)
    if recurs:
        found.append(Suggestion(Field.RECURS, recurs[0], 0.9, (spoken.evidence(*recurs.span()),)))
    return [suggestion for suggestion in found if suggestion is not None]


def _occurred(spoken: Spoken, moment: datetime) -> Suggestion | None:
    for rule in _RULES:
        for match in rule.pattern.finditer(spoken.text):
            at = _at(rule, match, moment)
            if at is not None and at <= moment:
                evidence = (spoken.evidence(*match.span()),)
                return Suggestion(Field.OCCURRED_AT, f"{at:%Y-%m-%dT%H:%M}", rule.confidence, evidence)
    now = _JUST_NOW.search(spoken.text)
    if now is None:
        return None
    return Suggestion(Field.OCCURRED_AT, f"{moment:%Y-%m-%dT%H:%M}", 0.6, (spoken.evidence(*now.span()),))


def _at(rule: _Rule, match: re.Match[str], moment: datetime) -> datetime | None:
    try:
        day = rule.day(match, moment.date())
        clock = _clock(match.groupdict())
    except (ValueError, OverflowError):
        return None  # the thirty-first of February, or a year before the first
    return datetime.combine(day, clock, moment.tzinfo)


def _clock(groups: dict[str, str | None]) -> time:
    part, hour_said = groups.get("part"), groups.get("hour")
    if hour_said is None:
        return time(_HOURS[part]) if part else time(0)
    hour = int(digits_of(hour_said))
    if part in _AFTERNOON and hour < _NOON:
        hour += _NOON
    minute_said = groups.get("minute") or "0"
    minute = 30 if minute_said == "半" else int(digits_of(minute_said.removesuffix("分")))
    return time(hour % 24, minute)
