"""Profiles, limits, holidays and days in words."""

from collections.abc import Mapping
from datetime import date

from agent_console.labels import URGENCIES
from agent_console.language import is_english
from agent_console.times import MONTHS
from agent_console.words import LazyString, _, _l, _n
from hotline.deadlines.calendar import Day, DayKind
from hotline.deadlines.models import OWN
from hotline.deadlines.profiles import Limit, Unit
from hotline.tickets.tracks import Track

# Every profile of hotline/deadlines/profiles.py; a test compares the two.
PROFILES: Mapping[str, LazyString] = {
    "seed-2011": _l("特急 24 小时、急件 3 天、一般 7 天"),
    "shandong-2020": _l("山东 2020：一般件 5 个工作日"),
    "shandong-2017-prov": _l("山东省 2017：一般件 15 个工作日"),
    "sichuan-2025": _l("四川 2025：咨询 3、求助建议 7、投诉举报 15 个工作日"),
    "kaijiang-2022": _l("开江 2022：咨询 3、建议 5、求助投诉举报 10 个工作日"),
    "beijing-draft-2021": _l("北京 2021 稿：2 小时、24 小时、7 天、15 天"),
    "mayor-line": _l("市长热线：特急当日、急件 3、一般 5 个工作日"),
    "qingdao-enterprise-2115": _l("青岛企业 2115：2 小时联系、15 个工作日办结"),
    "137": _l("137：1 天签收、7 天办结（推定）"),
}

# Every holiday of `chinesecalendar`, by its English name; a test compares the two.
HOLIDAYS: Mapping[str, LazyString] = {
    "New Year's Day": _l("元旦"),
    "Spring Festival": _l("春节"),
    "Tomb-sweeping Day": _l("清明节"),
    "Labour Day": _l("劳动节"),
    "Dragon Boat Festival": _l("端午节"),
    "National Day": _l("国庆节"),
    "Mid-autumn Festival": _l("中秋节"),
    "Anti-Fascist 70th Day": _l("抗战胜利 70 周年纪念日"),
}

WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


def profile_name(name: str) -> str:
    """`市长热线：…`; the city's own have none but their number, and one that is not known its code."""
    own = name.removeprefix(OWN)
    if own != name:
        return _("本市自定，第 %(version)s 版", version=own)
    return str(PROFILES.get(name, name))


def profile_label(name: str) -> str:
    """`市长热线：…（mayor-line）`, with the name of the setting, where no small print is."""
    return _("%(name)s（%(code)s）", name=profile_name(name), code=name)


def limit_words(limit: Limit) -> str:
    """`5 个工作日`; no days at all is today."""
    amount = limit.amount
    match limit.unit:
        case Unit.MINUTE:
            return _n("%(num)d 分钟", "%(num)d 分钟", amount)
        case Unit.HOUR:
            return _n("%(num)d 小时", "%(num)d 小时", amount)
        case Unit.WORKING_HOUR:
            return _n("%(num)d 个工作小时", "%(num)d 个工作小时", amount)
        case Unit.NATURAL_DAY if amount == 0:
            return _("当天")
        case Unit.NATURAL_DAY:
            return _n("%(num)d 天", "%(num)d 天", amount)
        case Unit.WORKING_DAY:
            return _n("%(num)d 个工作日", "%(num)d 个工作日", amount)


def day_words(day: date) -> str:
    """`5月9日 周六`, `Sat 9 May`."""
    weekday = str(WEEKDAYS[day.weekday()])
    if is_english():
        return f"{weekday} {day.day} {MONTHS[day.month - 1]}"
    return f"{day.month}月{day.day}日 {weekday}"


def reason_words(day: Day) -> str:
    """Why a day is worked or not: `劳动节`, `周末`, `劳动节调休上班`."""
    holiday = str(HOLIDAYS.get(day.holiday, day.holiday))
    match day.kind:
        case DayKind.HOLIDAY:
            return holiday
        case DayKind.WEEKEND:
            return _("周末")
        case DayKind.MAKE_UP:
            return _("%(holiday)s调休上班", holiday=holiday)
        case DayKind.WORKED:
            return _("工作日")


def track_words(track: Track) -> list[str]:
    """What a track asks for, a sentence each."""
    fitting = _("、").join(str(URGENCIES[urgency]) for urgency in track.urgencies)
    said = [_("只用于：%(urgencies)s。", urgencies=fitting)] if track.binding else []
    if not track.binding:
        said.append(_("建议的紧急程度：%(urgency)s。", urgency=URGENCIES[track.proposes]))
    if track.profile:
        said.append(_("可叠加时限方案 %(name)s，以先到期的为准。", name=profile_name(track.profile)))
    if track.departments > 1:
        said.append(_("%(count)s 个以上单位联合办理，或职责有争议。", count=track.departments))
    if track.has_coordinator:
        said.append(_("指定一名协调人。"))
    if track.leaders_first:
        said.append(_("重大、敏感：先报领导。"))
    if track.supervised:
        said.append(_("全程督办。"))
    return said
