"""The list of extensions that wait for a decision, and the steps that ask and decide."""

from collections.abc import Callable

from flask import Blueprint
from flask_login import current_user

from agent_console import times
from agent_console.access import open_to
from agent_console.extensions.forms import DecideForm, ExtensionForm
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.extensions import service
from hotline.extensions.models import ExtensionRequest
from hotline.extensions.queries import waiting_extensions
from hotline.extensions.rules import JUDGES
from hotline.people.actors import Role
from hotline.tickets.privacy import HOTLINE_ROLES

blueprint = Blueprint("extensions", __name__)


@blueprint.get("/extensions")
@open_to(*JUDGES)
def queue() -> str:
    """Requests without a decision, the earliest due first; the offices see those under an instruction."""
    with acting_context().reading() as session:
        waiting = waiting_extensions(session, instructed=not current_user.has(*HOTLINE_ROLES))
        remarks = {one.ticket_id: _remark(one) for one in waiting}
        empty = (_("没有等审批的延期"), _("承办单位申请延期后，会自动出现在这里。"))
        tickets = [one.ticket for one in waiting]
        return render_list(session, _("延期审批"), tickets, empty, remarks=remarks)


@blueprint.post("/tickets/<number>/extension")
@open_to(Role.UNIT_REVIEWER)
def ask(number: str) -> Answer:
    """The department's leader asks for more time."""
    form = ExtensionForm()
    return take(
        number,
        form,
        lambda ticket_id: service.ask_extension(acting_context(), ticket_id, form.written()),
        _("延期申请已提交，等热线审批。批准之前仍按原期限办理。"),
    )


@blueprint.post("/tickets/<number>/extension/decision")
@open_to(*JUDGES)
def decide(number: str) -> Answer:
    """More time, or not."""
    form = DecideForm()
    deeds: dict[str, tuple[Callable[..., object], str]] = {
        "approve": (service.approve_extension, _("已批准延期，期限已改。")),
        "refuse": (service.refuse_extension, _("没有批准延期，仍按原期限办理。")),
    }
    deed, done = deeds.get(form.verdict.data, deeds["refuse"])
    return take(
        number, form, lambda ticket_id: deed(acting_context(), ticket_id, form.reason.data or ""), done
    )


def _remark(request: ExtensionRequest) -> str:
    unit = request.department.name_en if is_english() else request.department.name_zh
    return _("%(unit)s申请延到 %(due)s", unit=unit, due=times.until(request.due_after))
