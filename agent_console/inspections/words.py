"""The words of inspections."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _l
from hotline.inspections.rules import MOST_FINDINGS, Manner, Obstacle

MANNERS: Labels = {Manner.OPEN: _l("明查"), Manner.UNDERCOVER: _l("暗访")}

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.NO_TEXT: _l("请写明内容。"),
    Obstacle.NO_DEPARTMENT: _l("请选择被查单位。"),
    Obstacle.NO_TICKET: _l("没有这个编号的工单，请核对编号，或不填。"),
    Obstacle.IN_FUTURE: _l("检查日期不能晚于今天。"),
    Obstacle.DUE_IN_PAST: _l("整改期限不能早于今天。"),
    Obstacle.TOO_MANY: _l("问题太多，请分几次记录（一次最多 %(most)d 个）。", most=MOST_FINDINGS),
    Obstacle.NOTHING_FOUND: _l("没有发现问题，不用通报整改，可以直接结束。"),
    Obstacle.NOT_CORRECTED: _l("还有问题没有整改，不能结束。"),
    Obstacle.DONE: _l("可能已有人处理过这一步。请刷新页面。"),
}
