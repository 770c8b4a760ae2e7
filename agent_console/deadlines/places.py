"""The places of a profile, what is wrong at one, and what is refused, in words."""

from collections.abc import Mapping

from agent_console.deadlines.words import day_words
from agent_console.labels import TRACKS, TYPES, URGENCIES
from agent_console.times import local
from agent_console.words import LazyString, _, _l
from hotline.deadlines import places
from hotline.deadlines.checks import Fault, Finding, largest, least
from hotline.deadlines.models import VersionState
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.service import Obstacle

STAGES: Mapping[str, LazyString] = {
    "sign": _l("签收"),
    "first_contact": _l("联系市民"),
    "result": _l("办理"),
    "return_window": _l("可以申请退单"),
    "return_decision": _l("裁定退单"),
}

SINGLE: Mapping[str, LazyString] = {
    "arbitration": _l("争议退单会商"),
    "longest_extension": _l("延期最多"),
}

UNITS: Mapping[Unit, LazyString] = {
    Unit.MINUTE: _l("分钟"),
    Unit.HOUR: _l("小时"),
    Unit.WORKING_HOUR: _l("工作小时"),
    Unit.NATURAL_DAY: _l("自然日"),
    Unit.WORKING_DAY: _l("工作日"),
}

VERSION_STATES: Mapping[VersionState, LazyString] = {
    VersionState.APPROVED: _l("已生效"),
    VersionState.CALLED_OFF: _l("未生效即取消"),
    VersionState.DISCARDED: _l("草稿，已丢弃"),
}

OBSTACLES: Mapping[str, LazyString] = {
    Obstacle.EMPTY: _l("请先写明为什么改，再保存"),
    Obstacle.TOO_LONG: _l("内容太长"),
    Obstacle.UNKNOWN: _l("没有这个方案，请重新选择"),
    Obstacle.DRAFT_THERE: _l("已有一份草稿，请接着改，或先丢弃它"),
    Obstacle.CHANGED_MEANWHILE: _l("刚才有人改过或处理了这份草稿，请看现在的内容"),
    Obstacle.FAULTY: _l("还有错误，改好才能生效"),
    Obstacle.OWN_DRAFT: _l("您改过这份草稿，要由另一位主任或系统管理员生效"),
    Obstacle.NO_CHANGE: _l("和那时生效的方案完全一样"),
    Obstacle.IN_PAST: _l("这个时间已经过了；空着就是马上"),
    Obstacle.IN_FORCE: _l("这一版已经生效或已取消，不能再取消；要改请写新的一版"),
}


def place_label(place: str) -> str:
    """`签收 · 急件`, `咨询`, `延期最多`."""
    if place in places.LEVELS:
        stage, urgency = places.LEVELS[place]
        return f"{STAGES[stage]} · {URGENCIES[urgency]}"
    if place in SINGLE:
        return str(SINGLE[place])
    if place in places.TYPES:
        return str(TYPES[places.TYPES[place]])
    return str(TRACKS[places.TRACKS[place]])


def finding_words(finding: Finding, limit: Limit | None) -> str:
    """One sentence about what is wrong at a place; `limit` is what stands there."""
    match finding.fault:
        case Fault.MISSING:
            return _("请填写")
        case Fault.WRONG_UNIT:
            units = _("、").join(str(UNITS[unit]) for unit in places.units_of(finding.place))
            return _("这里按%(units)s计", units=units)
        case Fault.OUT_OF_RANGE if limit is not None:
            most = largest(finding.place, limit.unit)
            return _("请填 %(least)s 到 %(most)s", least=least(limit.unit), most=most)
        case Fault.AFTER_RESULT if finding.dispatched_at is not None:
            at = local(finding.dispatched_at)
            said = f"{day_words(at.date())} {at:%H:%M} "
            if finding.place in places.OPTIONAL:
                return _("例如 %(at)s派的单，办理到期了，签收或联系市民还没有到期", at=said)
            return _("例如 %(at)s派的单，办理到期了，这一环节还没有到期", at=said)
        case Fault.NO_HOLIDAYS:
            return _("还没有 %(year)s 年的放假安排，暂按周一至周五为工作日计算", year=finding.year)
    return _("填得不对")
