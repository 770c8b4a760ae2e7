"""Words of the knowledge base's pages."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _l
from hotline.knowledge.models import Complaint, Deed
from hotline.knowledge.queries import Shelf
from hotline.knowledge.rules import Obstacle

SHELVES: Labels = {
    Shelf.OFFERED: _l("在用"),
    Shelf.OVERDUE: _l("该复核了"),
    Shelf.ENDED: _l("已停用或过期"),
}
DEEDS: Labels = {
    Deed.WRITTEN: _l("新增"),
    Deed.CHANGED: _l("修改"),
    Deed.REVIEWED: _l("复核，仍然有效"),
    Deed.WITHDRAWN: _l("停用"),
    Deed.RESTORED: _l("恢复使用"),
}
COMPLAINTS: Labels = {
    Complaint.WRONG: _l("有错"),
    Complaint.OUTDATED: _l("过时了"),
    Complaint.UNCLEAR: _l("看不懂"),
    Complaint.INCOMPLETE: _l("不完整"),
}
OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.EMPTY: _l("请写明内容"),
    Obstacle.TOO_LONG: _l("内容太长"),
    Obstacle.TOO_MANY: _l("最多 20 种问法，每行一种"),
    Obstacle.UNKNOWN: _l("没有这一项，请重新选择"),
    Obstacle.NOT_IN_ORDER: _l("不在可以填写的范围内"),
    Obstacle.CHANGED_MEANWHILE: _l("刚才有人改过这一条：下面的“现在的内容”是新的，您写的还在，请看过再保存"),
    Obstacle.WITHDRAWN: _l("这一条已经停用"),
    Obstacle.NOT_WITHDRAWN: _l("这一条正在使用"),
    Obstacle.SETTLED: _l("这条意见已经处理过"),
    Obstacle.TAKEN: _l("这件咨询已经有了条目，或者不再是候选"),
}
