"""The words of joint supervision."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _l
from hotline.joint.models import NoteKind
from hotline.joint.rules import Obstacle

NOTE_KINDS: Labels = {NoteKind.NOTE: _l("说明情况"), NoteKind.QUESTION: _l("向其他方提问")}

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.NO_TEXT: _l("请写明内容。"),
    Obstacle.NO_MEDIA: _l("请至少选择一家媒体。"),
    Obstacle.NOT_A_PARTNER: _l("只能选择列出的单位，请重新选择。"),
    Obstacle.GOES_ON: _l("这件工单的联合督办还没有结束，不能再开一次。"),
    Obstacle.NOBODY_HANDLES: _l("工单还没有派给单位，或已办完，不能联合督办。"),
    Obstacle.OVER: _l("联合督办已经结束。"),
    Obstacle.ANSWERED: _l("这个问题已有人答复。请刷新页面。"),
    Obstacle.OWN_QUESTION: _l("本单位提出的问题由其他方答复。"),
    Obstacle.PERSONAL: _l("稿中有电话、姓名、门牌号等个人信息，请删去后再提交。"),
    Obstacle.CASE_OPEN: _l("督办件还没有结束。请先在工单页结束督办，再结束联合督办。"),
}
