"""The words of campaigns."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _l
from hotline.campaigns.rules import MOST_POINTS, MOST_TICKETS, Kind, Obstacle

KINDS: Labels = {Kind.LOOK_ALIKE: _l("举一反三排查"), Kind.CLEARING: _l("集中清理")}

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.NO_TEXT: _l("请写明内容。"),
    Obstacle.NO_DEPARTMENT: _l("请选择责任单位。"),
    Obstacle.DUE_IN_PAST: _l("完成期限不能早于今天。"),
    Obstacle.NOTHING_CHOSEN: _l("请至少填一个条件，不能把全部工单列进来。"),
    Obstacle.NOTHING_FOUND: _l("没有符合条件的工单，请放宽条件。"),
    Obstacle.TOO_MANY: _l("符合条件的工单太多（一次最多 %(most)d 件），请收窄条件。", most=MOST_TICKETS),
    Obstacle.NO_PLACES: _l("没有新的地方：写的都已列入，或没有写。"),
    Obstacle.TOO_MANY_PLACES: _l("地方太多（一项最多 %(most)d 处）。", most=MOST_POINTS),
    Obstacle.IN_FUTURE: _l("日期不能晚于今天。"),
    Obstacle.NO_FIX_BY: _l("有问题的，请写明整改期限。"),
    Obstacle.FIX_BEFORE_SEEN: _l("整改不能早于查看日期。"),
    Obstacle.NO_FAULT: _l("这一处没有记下问题，不用整改。"),
    Obstacle.DONE: _l("可能已有人处理过这一步。请刷新页面。"),
}
