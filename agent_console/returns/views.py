"""The list of returns that wait for a decision, and the steps that ask and decide."""

from collections.abc import Callable

from flask import Blueprint

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.returns.forms import JudgeForm, designate_form, return_form
from agent_console.returns.steps import JUDGES
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.dispatch import returns
from hotline.dispatch.models import ReturnRequest
from hotline.dispatch.queries import waiting_returns
from hotline.people.actors import Role

blueprint = Blueprint("returns", __name__)


@blueprint.get("/returns")
@open_to(*JUDGES)
def queue() -> str:
    """Returns without a decision, the earliest due first; disputes are marked."""
    with acting_context().reading() as session:
        waiting = waiting_returns(session)
        dues = {one.ticket_id: one.due_at for one in waiting}
        remarks = {one.ticket_id: _remark(one) for one in waiting}
        empty = (_("没有等裁定的退单"), _("承办单位申请退单后，会自动出现在这里。"))
        return render_list(session, _("退单裁定"), [one.ticket for one in waiting], empty, dues, remarks)


@blueprint.post("/tickets/<number>/return")
@open_to(Role.UNIT_REVIEWER)
def ask(number: str) -> Answer:
    """The department's leader asks to return the ticket."""
    with acting_context().reading() as session:
        form = return_form(session)
    return take(
        number,
        form,
        lambda ticket_id: returns.request_return(acting_context(), ticket_id, form.written()),
        _("退单申请已提交，等热线裁定。裁定之前仍由本单位负责，时限照常计算。"),
    )


@blueprint.post("/tickets/<number>/return/decision")
@open_to(Role.DISPATCHER, Role.SUPERVISOR)
def judge(number: str) -> Answer:
    """A first return is accepted or rejected."""
    form = JudgeForm()
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "accept": (returns.accept_return, _("已同意退单，请重新派单。")),
        "reject": (returns.reject_return, _("已驳回退单，由原单位继续办理。")),
    }
    deed, done = deeds.get(form.verdict.data, deeds["reject"])
    return take(
        number, form, lambda ticket_id: deed(acting_context(), ticket_id, form.reason.data or ""), done
    )


@blueprint.post("/tickets/<number>/return/designation")
@open_to(Role.SUPERVISOR, Role.DIRECTOR)
def designate(number: str) -> Answer:
    """A disputed return ends with a designated lead."""
    with acting_context().reading() as session:
        form = designate_form(session)
    return take(
        number,
        form,
        lambda ticket_id: returns.designate(
            acting_context(), ticket_id, form.lead_id.data, form.reason.data or "", form.into_catalogue.data
        ),
        _("已指定主办单位。"),
    )


def _remark(request: ReturnRequest) -> str:
    unit = request.department.name_en if is_english() else request.department.name_zh
    kind = _("争议单") if request.is_disputed else _("退单")
    return _("%(kind)s：%(unit)s", kind=kind, unit=unit)
