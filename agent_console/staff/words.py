"""Why something about people or departments was refused, in words."""

from collections.abc import Mapping

from agent_console.labels import ROLES
from agent_console.words import LazyString, _, _l
from hotline.people.faults import Obstacle, PeopleRefused
from hotline.people.separation import Clash

OBSTACLES: Mapping[str, LazyString] = {
    Obstacle.BAD_USERNAME: _l("用户名由 2 到 60 个小写字母、数字、点、横线、@ 组成，以字母或数字开头。"),
    Obstacle.USERNAME_TAKEN: _l("这个用户名已经有人用了。"),
    Obstacle.NO_NAME: _l("请填写名称。"),
    Obstacle.TOO_LONG: _l("太长了。"),
    Obstacle.NO_DEPARTMENT: _l("没有这个单位，或者已经停用。"),
    Obstacle.UNKNOWN_ROLE: _l("不是岗位的名称。"),
    Obstacle.TWICE: _l("表里前面已有这个用户名。"),
    Obstacle.ONESELF: _l("不能停用、重置自己，也不能收回自己的管理员岗位：请另一位管理员来做。"),
    Obstacle.STALE: _l("您打开这一页之后，别人改过。下面是现在的样子，请看过再改。"),
    Obstacle.BAD_CODE: _l("代码由小写字母、数字和横线组成，以字母或数字开头，不超过 40 个。"),
    Obstacle.CODE_TAKEN: _l("这个代码已经有单位用了。"),
    Obstacle.HAS_PEOPLE: _l("这个单位还有在用的账号：先停用，或调到别的单位。"),
    Obstacle.IS_HOTLINE: _l("热线中心不能停用。"),
    Obstacle.NO_REASON: _l("请写明理由。"),
    Obstacle.WRONG_PASSWORD: _l("现在的密码不对。"),
    Obstacle.SAME_PASSWORD: _l("新密码和原来的一样，请换一个。"),
    Obstacle.WEAK_PASSWORD: _l("至少 8 个字符。"),
}

CLASHES: Mapping[str, LazyString] = {
    Clash.HANDLES_AND_CALLS_BACK: _l("办件的人不能回访"),
    Clash.HANDLES_AND_REVIEWS: _l("办件的人不能审核回复"),
    Clash.ASKS_AND_DECIDES: _l("申请退单、延期、挂起的人不能裁定"),
    Clash.WRITES_AND_APPROVES: _l("写回复的人不能自己审批"),
    Clash.NOT_ALONE: _l("系统管理员、审计员、第三方评估只能单独担任"),
    Clash.NOBODYS_ROLE: _l("这个岗位不授予个人"),
    Clash.NOT_OF_THE_HOTLINE: _l("热线的岗位只给热线中心的人"),
    Clash.NOT_OF_A_UNIT: _l("承办的岗位只给承办单位的人"),
}


def explain_people(refusal: PeopleRefused) -> str:
    """One sentence."""
    if refusal.clash:
        names = _("、").join(str(ROLES[role]) for role in refusal.clash.roles)
        return _("%(roles)s：%(reason)s。", roles=names, reason=str(CLASHES[refusal.clash.clash]))
    if refusal.obstacle is Obstacle.LOSES_LEAD:
        return _(
            "这样改以后，%(unit)s 没有分管领导或没有承办人，不能再主办。仍要这样做，请勾选下面的确认。",
            unit=refusal.about,
        )
    return str(OBSTACLES[refusal.obstacle])
