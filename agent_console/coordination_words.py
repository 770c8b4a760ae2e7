"""Why a step of coordination is not taken."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l
from hotline.coordination.rules import Obstacle

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.OTHER_TRACK: _l("这件工单不是这个办理通道。"),
    Obstacle.OVER: _l("这件工单已经办完，或没有人在办理。"),
    Obstacle.NO_TEXT: _l("请写明内容。"),
    Obstacle.NO_CHAIR: _l("请写明谁主持。"),
    Obstacle.NO_COORDINATOR: _l("请从列出的人里选择协调人。"),
    Obstacle.TOO_FEW: _l("请选择参加的单位，至少两个。"),
    Obstacle.IN_FUTURE: _l("会议日期不能晚于今天。"),
    Obstacle.NOTHING_TO_READ: _l("没有等阅的专报，可能已有领导阅过。请刷新页面。"),
}
