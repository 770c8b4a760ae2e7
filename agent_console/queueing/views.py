"""The supervisor's table: agents down, skills across, a level in each field."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.queueing.forms import SkillForm
from agent_console.refusals import explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.calls.ports import TelephoneAway
from hotline.people.actors import Role
from hotline.people.queries import agents
from hotline.queueing import queries, service
from hotline.queueing.rules import BEST_LEVEL, WORST_LEVEL

blueprint = Blueprint("queueing", __name__, url_prefix="/skills")
Answer = Response | tuple[str, int]


@blueprint.get("/")
@open_to(Role.SUPERVISOR)
def listed() -> str:
    """Lines, and who serves them."""
    return _page(SkillForm(formdata=None))


@blueprint.post("/")
@open_to(Role.SUPERVISOR)
def save() -> Answer:
    """A new line, or other settings of one that there is."""
    form = SkillForm()
    if not form.validate_on_submit():
        return _page(form, _("有的内容填写不对，请看标红的地方。")), 422
    names = (form.name_zh.data or "", form.name_en.data or "")
    spans = (form.overflow_seconds.data, form.head_start_seconds.data or 0)
    try:
        service.save_skill(acting_context(), house().call_control, form.code.data or "", names, *spans)
    except service.SkillRefused:
        return _page(form, _("有的内容填写不对，请看标红的地方。")), 422
    except TelephoneAway as away:
        return _page(form, explain(away)), 409
    flash(_("已保存，几秒内生效。"))
    return redirect(url_for("queueing.listed"))


@blueprint.post(f"/agents/<int(max={LARGEST_ID}):user_id>")
@open_to(Role.SUPERVISOR)
def set_skills(user_id: int) -> Answer:
    """What one agent can do."""
    if not FlaskForm().validate_on_submit():
        return _page(SkillForm(formdata=None), _("页面已过期，请刷新后再试。")), 422
    given = {name.removeprefix("skill-"): text for name, text in request.form.items() if "skill-" in name}
    try:
        levels = {code: int(text) for code, text in given.items() if text}
        service.set_skills(acting_context(), house().call_control, user_id, levels)
    except ValueError:  # no number, or refused by the core
        return _page(SkillForm(formdata=None), _("技能或等级不对，什么都没有改变。")), 422
    except TelephoneAway as away:
        return _page(SkillForm(formdata=None), explain(away)), 409
    flash(_("已保存，几秒内生效。"))
    return redirect(url_for("queueing.listed"))


def _page(form: SkillForm, problem: str = "") -> str:
    with acting_context().reading() as session:
        return render_template(
            "queueing/skills.html",
            skills=queries.skills(session),
            agents=_agents(session),
            levels=range(BEST_LEVEL, WORST_LEVEL + 1),
            form=form,
            problem=problem,
        )


def _agents(session: Session) -> list[tuple[object, dict[str, int]]]:
    levels = queries.levels_by_person(session)
    return [(agent, levels.get(agent.id, {})) for agent in agents(session)]
