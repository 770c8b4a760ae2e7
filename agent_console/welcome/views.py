"""What somebody without a list of their own may do today, in words."""

from collections.abc import Mapping

from flask import Blueprint, render_template
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.words import LazyString, _l
from hotline.people.actors import Role
from hotline.people.queries import administrators

blueprint = Blueprint("welcome", __name__)

TODAY: Mapping[Role, LazyString] = {
    Role.ASSESSOR: _l(
        "您代表第三方评估单位。评估用的样本会去掉姓名、电话和门牌号后放在这里；现在还没有可以评估的样本，"
        "工单和录音您都打不开。"
    ),
    Role.PUBLISHER: _l(
        "您负责对外发布。要发布的内容审核后会放在这里；现在还没有要您编辑的内容，工单和录音您都打不开。"
    ),
    Role.ANALYST: _l("您负责分析。报表和专题会放在这里；现在还没有，工单和录音您都打不开。"),
}
"""What those with a role and no list may do; the others are told that nothing is theirs yet."""
NOTHING = _l("您的账号还没有可以办理的事项。可能是角色还没有分配好，请找管理员。")


@blueprint.get("/welcome")
@open_to()
def welcome() -> str:
    """For everybody; whoever has lists of their own begins at the first of them."""
    roles = current_user.actor.roles
    said = [words for role, words in TODAY.items() if role in roles] or [NOTHING]
    with acting_context().reading() as session:
        return render_template("welcome/welcome.html", said=said, administrators=administrators(session))
