"""Words of the knowledge base's pages."""

from collections.abc import Mapping

from agent_console.labels import Labels
from agent_console.words import LazyString, _l
from hotline.knowledge.models import Complaint, Deed
from hotline.knowledge.queries import Shelf
from hotline.knowledge.rules import Obstacle, Standing

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
    Deed.PUBLISHED: _l("对市民公开"),
    Deed.UNPUBLISHED: _l("不再公开"),
    Deed.SUCCEEDED: _l("写明由哪一条代替"),
}
OUR_COMPLAINTS: Labels = {
    Complaint.WRONG: _l("有错"),
    Complaint.OUTDATED: _l("过时了"),
    Complaint.UNCLEAR: _l("看不懂"),
    Complaint.INCOMPLETE: _l("不完整"),
}
"""What people at work say of an entry."""
COMPLAINTS: Labels = {
    **OUR_COMPLAINTS,
    Complaint.HELPFUL: _l("市民说有用"),
    Complaint.UNHELPFUL: _l("市民说没有用"),
}
STANDINGS: Labels = {
    Standing.CURRENT: _l("市民正在看到"),
    Standing.UPCOMING: _l("已公开，还没有生效"),
    Standing.EXPIRED: _l("已过期"),
    Standing.WITHDRAWN: _l("已停用"),
    Standing.HELD_BACK: _l("没有公开"),
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
    Obstacle.UNCHECKED: _l("请核对以后再公开"),
    Obstacle.EXPIRED: _l("这一条已过期，请先改有效期"),
    Obstacle.NOT_PUBLIC: _l("这一条没有公开过"),
    Obstacle.IN_A_CIRCLE: _l("这样就绕回自己了，请另选一条"),
    Obstacle.RETIRED: _l("这个二维码已经停用"),
}
