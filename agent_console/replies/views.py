"""The department's list and steps."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.filters.narrowing import narrow
from agent_console.house import acting_context
from agent_console.replies.forms import ApproveForm, ContactForm, PartForm, SendBackForm, VisitForm
from agent_console.replies.steps import posted_close_part_form, posted_reply_form
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.appeals.queries import taken_up_again
from hotline.dispatch.assisting import close_part as close_for_them
from hotline.dispatch.assisting import finish_part
from hotline.dispatch.queries import assisted
from hotline.extensions.queries import waiting_extensions
from hotline.lists.queries import Candidates
from hotline.people.actors import Role
from hotline.questions.queries import open_question
from hotline.rechecks.queries import due_of
from hotline.replies import service, visits
from hotline.replies.models import ContactWay
from hotline.suspension.queries import running_suspension, waiting_suspensions
from hotline.tickets.models import Ticket
from hotline.tickets.queries import in_states
from hotline.tickets.states import State

blueprint = Blueprint("replies", __name__)

UNIT_STATES = (
    State.DISPATCHED,
    State.HANDLING,
    State.NEED_INFO_UNIT,
    State.RETURN_PENDING,
    State.SUSPENDED,
    State.REWORK,
)


@blueprint.get("/unit")
@open_to(Role.HANDLER, Role.UNIT_REVIEWER)
def unit_queue() -> str:
    """What one's own department has to do, the earliest due first."""
    with acting_context().reading() as session:
        unit_id = current_user.actor.department_id
        held = in_states(*UNIT_STATES, holder_id=unit_id)
        parts = assisted(session, unit_id) if unit_id is not None else []
        again = taken_up_again(session, unit_id) if unit_id is not None else []
        looks = due_of(session, unit_id)
        gone = [one.ticket for one in looks if one.ticket.state not in UNIT_STATES]
        shown = narrow(session, *(Candidates(those) for those in (held, parts, again, gone)))
        empty = (_("没有要办的工单"), _("热线派单后，工单会自动出现在这里，请按时签收。"))
        dues, remarks = _dues(session, shown.tickets), _asked(session, unit_id)
        dues |= {one.ticket_id: one.due_at for one in looks if one.ticket in gone}
        remarks |= {one.ticket_id: _("到了复查日，请复查并记录") for one in looks}
        remarks |= {one.id: _("协办，待完成") for one in parts}
        remarks |= {one.id: _("您单位办过，要重新办理，等热线派单") for one in again}
        return render_list(session, _("本单位承办"), shown, empty, dues, remarks)


@blueprint.post("/tickets/<number>/contact")
@open_to(Role.HANDLER)
def contact(number: str) -> Answer:
    """The citizen was called or visited, reached or not."""
    form = ContactForm()

    def deed(ticket_id: int) -> None:
        way, reached = ContactWay(form.way.data), form.reached.data == "yes"
        service.record_contact(acting_context(), ticket_id, way, reached, form.note.data or "")

    return take(number, form, deed, _("已记录联系情况。"))


@blueprint.post("/tickets/<number>/visit")
@open_to(Role.HANDLER)
def visit(number: str) -> Answer:
    """Somebody of the department was there."""
    form = VisitForm()
    return take(
        number,
        form,
        lambda ticket_id: visits.record_visit(acting_context(), ticket_id, form.written()),
        _("已记录现场核查。"),
    )


@blueprint.post("/tickets/<number>/reply")
@open_to(Role.HANDLER)
def reply(number: str) -> Answer:
    """The handler's reply, for the unit's leader."""
    form, questions = posted_reply_form(number)
    return take(
        number,
        form,
        lambda ticket_id: service.write_reply(acting_context(), ticket_id, form.written(questions)),
        _("回复已写好，等分管领导审批。"),
    )


@blueprint.post("/tickets/<number>/part")
@open_to(Role.HANDLER, Role.UNIT_REVIEWER)
def part(number: str) -> Answer:
    """An assisting department has done its part."""
    form = PartForm()
    return take(
        number,
        form,
        lambda ticket_id: finish_part(acting_context(), ticket_id, form.part.data or ""),
        _("已记录本单位的协办情况。"),
    )


@blueprint.post("/tickets/<number>/part/close")
@open_to(Role.UNIT_REVIEWER)
def close_part(number: str) -> Answer:
    """The lead goes on without a department that is silent."""
    form = posted_close_part_form(number)
    return take(
        number,
        form,
        lambda ticket_id: close_for_them(
            acting_context(), ticket_id, form.part_id.data, form.undone.data or ""
        ),
        _("已写明协办缺失情况，不再等待这个单位。"),
    )


@blueprint.post("/tickets/<number>/approve")
@open_to(Role.UNIT_REVIEWER)
def approve(number: str) -> Answer:
    """The unit's leader sends the reply to the hotline."""
    return take(
        number,
        ApproveForm(),
        lambda ticket_id: service.submit_reply(acting_context(), ticket_id),
        _("回复已提交热线审核。"),
    )


@blueprint.post("/tickets/<number>/approve/return")
@open_to(Role.UNIT_REVIEWER)
def send_back(number: str) -> Answer:
    """The unit's leader gives the reply back to its writer."""
    form = SendBackForm()
    return take(
        number,
        form,
        lambda ticket_id: service.send_back(acting_context(), ticket_id, form.return_reason.data or ""),
        _("回复已退给承办人修改。"),
    )


def _dues(session: Session, tickets: Sequence[Ticket]) -> dict[int, datetime]:
    """Limits to show: where the clock stands still, the day of review or the citizen's time to answer."""
    dues = {ticket.id: ticket.due_at for ticket in tickets if ticket.due_at}
    suspended = (ticket for ticket in tickets if ticket.state is State.SUSPENDED)
    found = (running_suspension(session, ticket) for ticket in suspended)
    asked = (open_question(session, ticket.id) for ticket in tickets if ticket.state is State.NEED_INFO_UNIT)
    return (
        dues
        | {one.ticket_id: one.review_at for one in found if one is not None}
        | {one.ticket_id: one.answer_by for one in asked if one is not None}
    )


def _asked(session: Session, unit_id: int | None) -> dict[int, str]:
    """What the department has asked for and the hotline has not decided, by tickets."""
    suspensions = {one.ticket_id: _("已申请挂起，待审批") for one in waiting_suspensions(session, unit_id)}
    extensions = {one.ticket_id: _("已申请延期，待审批") for one in waiting_extensions(session, unit_id)}
    return suspensions | extensions
