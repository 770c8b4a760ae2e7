"""The list of what citizens ask for, and the steps that write down, check and decide."""

from flask import Blueprint
from flask_login import current_user

from agent_console.access import open_to
from agent_console.appeal_words import APPEAL_KINDS
from agent_console.appeals.forms import AppealForm, CheckForm, DecideForm, ExceptionalForm, OrderForm
from agent_console.house import acting_context
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.appeals import rules, service
from hotline.appeals.exceptional import reopen_archived
from hotline.appeals.models import Appeal, AppealKind
from hotline.appeals.ordered import ORDERERS, reopen_on_order
from hotline.appeals.queries import to_check, waiting_appeals
from hotline.appeals.service import Found
from hotline.people.actors import Role

blueprint = Blueprint("appeals", __name__)


@blueprint.get("/appeals")
@open_to(*rules.JUDGES, *rules.CHECKERS)
def queue() -> str:
    """For supervisors what waits for a decision, for callback agents the citizens to be called first."""
    with acting_context().reading() as session:
        found = waiting_appeals(session) if current_user.has(*rules.JUDGES) else to_check(session)
        tickets = [one.ticket for one in found]
        remarks = {one.ticket_id: _remark(one) for one in found}
        late = ((one.ticket_id, one.ticket.due_at) for one in found if one.kind is AppealKind.WITHDRAWAL)
        dues = {ticket_id: due_at for ticket_id, due_at in late if due_at}
        empty = (
            _("没有等处理的市民申请"),
            _("市民要求撤回、重新办理或提出异议后，会自动出现在这里；撤回的，先由回访员核实是否自愿。"),
        )
        return render_list(session, _("市民申请"), tickets, empty, dues, remarks)


@blueprint.post("/tickets/<number>/appeal")
@open_to(*rules.WRITERS)
def ask(number: str) -> Answer:
    """A citizen who calls wants this."""
    form = AppealForm()
    return take(
        number,
        form,
        lambda ticket_id: service.write_down(
            acting_context(), ticket_id, AppealKind(form.wish.data), form.said.data or ""
        ),
        _("已记录市民的申请。"),
    )


@blueprint.post("/tickets/<number>/appeal/check")
@open_to(*rules.CHECKERS)
def check(number: str) -> Answer:
    """Whether the citizen withdraws freely."""
    form = CheckForm()
    return take(
        number,
        form,
        lambda ticket_id: service.check(
            acting_context(), ticket_id, Found(form.heard.data), form.their_words.data or ""
        ),
        _("已记录回访结果。"),
    )


@blueprint.post("/tickets/<number>/appeal/decision")
@open_to(*rules.JUDGES)
def decide(number: str) -> Answer:
    """Granted, or not."""
    form = DecideForm()
    return take(
        number,
        form,
        lambda ticket_id: service.decide(
            acting_context(), ticket_id, form.granting.data == "yes", form.why_so.data or ""
        ),
        _("已记录您的决定。"),
    )


@blueprint.post("/tickets/<number>/take-up")
@open_to(*ORDERERS)
def take_up(number: str) -> Answer:
    """A leader or an auditor takes a closed ticket up again."""
    form = OrderForm()
    return take(
        number,
        form,
        lambda ticket_id: reopen_on_order(acting_context(), ticket_id, form.order_reason.data or ""),
        _("已决定重新办理，转到派单。"),
    )


@blueprint.post("/tickets/<number>/out-of-archive")
@open_to(Role.DIRECTOR)
def out_of_archive(number: str) -> Answer:
    """To dispatch, because somebody above has found so."""
    form = ExceptionalForm()
    return take(
        number,
        form,
        lambda ticket_id: reopen_archived(acting_context(), ticket_id, form.written()),
        _("已特批重新办理，转到派单。"),
    )


def _remark(one: Appeal) -> str:
    asked = str(APPEAL_KINDS[one.kind])
    if one.kind is not AppealKind.WITHDRAWAL:
        return asked
    if one.freely:
        return _("%(asked)s，回访核实：自愿", asked=asked)
    return _("%(asked)s，还没有回访核实（已拨 %(count)d 次）", asked=asked, count=one.tries)
