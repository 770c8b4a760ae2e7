"""The page that says what a call would meet: the function that answers real calls, on a moment of choice."""

from datetime import datetime

from flask import render_template, request
from wtforms import SelectChoice

from agent_console.access import open_to
from agent_console.call_plan.forms import SimulationForm
from agent_console.call_plan.sections import name_of
from agent_console.call_plan.story import tell
from agent_console.call_plan.views import blueprint
from agent_console.house import acting_context
from agent_console.times import local
from agent_console.words import _
from hotline.call_plan import queries
from hotline.call_plan.decision import Banner, Decision, Incoming, StepKind, decide
from hotline.call_plan.document import Plan
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.people.actors import Role

LIVE, DRAFT = "live", "draft"


@blueprint.get("/simulate")
@open_to(Role.SUPERVISOR)
def simulate() -> str | tuple[str, int]:
    """A call on 1 October at 03:10 in Cantonese would..."""
    context = acting_context()
    with context.reading() as session:
        live, draft = queries.live_plan(session, context.settings), queries.draft_row(session)
    by_draft = request.args.get("plan") == DRAFT and draft is not None
    plan = draft.plan if by_draft and draft is not None else live.plan
    form = _form(context, plan, has_draft=draft is not None)
    asked = bool(request.args)
    decision = _decision(plan, form) if asked and form.validate() else None
    steps = decision.steps if decision else ()
    page = render_template(
        "call_plan/simulate.html",
        form=form,
        steps=[tell(step) for step in steps if step.kind is not StepKind.KEY],
        keys=[tell(step) for step in steps if step.kind is StepKind.KEY],
        by_draft=by_draft,
    )
    return (page, 422) if asked and decision is None else page


def _form(context: Context, plan: Plan, has_draft: bool) -> SimulationForm:
    now = local(context.now()).replace(tzinfo=None, second=0, microsecond=0)
    given = request.args or None
    form = SimulationForm(formdata=given, data={"at": now, "dialled": context.settings.hotline_number})
    versions = [(LIVE, _("正在使用的方案")), *([(DRAFT, _("草稿"))] if has_draft else [])]
    form.plan.choices = [SelectChoice(value, words) for value, words in versions]
    tongues = [("", _("没有说明")), *((tongue.code, name_of(tongue)) for tongue in plan.tongues)]
    form.tongue.choices = [SelectChoice(value, words) for value, words in tongues]
    return form


def _decision(plan: Plan, form: SimulationForm) -> Decision:
    zone = acting_context().settings.zone
    at: datetime = form.at.data.replace(tzinfo=zone)
    surge = Banner() if form.surge.data else None
    call = Incoming(at, form.dialled.data, form.tongue.data or "", form.keys.data or "", surge)
    return decide(plan, call, ChineseCalendar())
