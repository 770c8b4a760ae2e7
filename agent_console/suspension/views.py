"""The list of suspensions, and the steps that ask, decide and take up again."""

from collections.abc import Callable

from flask import Blueprint

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.steps_taken import Answer, take
from agent_console.suspension.forms import DecideForm, ResumeForm, SuspensionForm
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.people.actors import Role
from hotline.suspension import service
from hotline.suspension.models import Suspension, SuspensionState
from hotline.suspension.queries import on_record, waiting_suspensions

blueprint = Blueprint("suspension", __name__)


@blueprint.get("/suspensions")
@open_to(Role.SUPERVISOR, Role.DIRECTOR)
def queue() -> str:
    """Requests without a decision, then everything on record by its day of review."""
    with acting_context().reading() as session:
        shown = [*waiting_suspensions(session), *on_record(session)]
        dues = {one.ticket_id: one.review_at for one in shown}
        remarks = {one.ticket_id: _remark(one) for one in shown}
        empty = (_("没有挂起的工单"), _("承办单位申请挂起后，会自动出现在这里；批准的留到复查为止。"))
        return render_list(session, _("挂起"), [one.ticket for one in shown], empty, dues, remarks)


@blueprint.post("/tickets/<number>/suspension")
@open_to(Role.UNIT_REVIEWER)
def ask(number: str) -> Answer:
    """The department's leader asks to put the matter on record."""
    form = SuspensionForm()
    return take(
        number,
        form,
        lambda ticket_id: service.ask_suspension(acting_context(), ticket_id, form.written()),
        _("挂起申请已提交，等督办员审批。批准之前时限照常计算。"),
    )


@blueprint.post("/tickets/<number>/suspension/decision")
@open_to(Role.SUPERVISOR)
def decide(number: str) -> Answer:
    """Suspended, or handled on."""
    form = DecideForm()
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "approve": (service.approve_suspension, _("已挂起，记录在案。")),
        "refuse": (service.refuse_suspension, _("没有批准挂起，由原单位继续办理。")),
    }
    deed, done = deeds.get(form.verdict.data, deeds["refuse"])
    return take(
        number, form, lambda ticket_id: deed(acting_context(), ticket_id, form.reason.data or ""), done
    )


@blueprint.post("/tickets/<number>/resume")
@open_to(Role.HANDLER)
def resume(number: str) -> Answer:
    """Taken up again."""
    form = ResumeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.resume(acting_context(), ticket_id, form.reason.data or ""),
        _("已恢复办理，剩余的时限继续计算。"),
    )


def _remark(one: Suspension) -> str:
    unit = one.department.name_en if is_english() else one.department.name_zh
    if one.state is SuspensionState.ASKED:
        return _("%(unit)s申请挂起", unit=unit)
    return _("%(unit)s，记录在案", unit=unit)
