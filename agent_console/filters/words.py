"""The words of filters."""

from collections.abc import Mapping

from agent_console.words import LazyString, _l
from hotline.lists.rules import LONGEST_NAME, MOST_SAVED, Due, Obstacle

DUES: Mapping[str, LazyString] = {
    Due.OVERDUE: _l("超期"),
    Due.SOON: _l("24 小时内到期"),
    Due.LATER: _l("24 小时以后到期"),
    Due.NONE: _l("没有期限"),
}

OBSTACLES: Mapping[str, LazyString] = {
    Obstacle.NO_NAME: _l("请写一个名称。"),
    Obstacle.NAME_TOO_LONG: _l("名称最多 %(most)d 个字。", most=LONGEST_NAME),
    Obstacle.NAME_TAKEN: _l("这个列表已经有同名的筛选，请换一个名称。"),
    Obstacle.TOO_MANY: _l("一个列表最多存 %(most)d 个筛选，请先删掉不用的。", most=MOST_SAVED),
    Obstacle.NOTHING_ASKED: _l("还没有选任何条件，没有可存的。"),
    Obstacle.TOO_LONG: _l("有一个条件太长，不能保存。"),
    Obstacle.PERSONAL: _l("条件或名称里有电话、姓名等个人信息：可以这样找，但不能存下来。"),
}
