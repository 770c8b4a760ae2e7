"""The dispatcher's list, the step that dispatches, and the department's signature."""

from flask import Blueprint
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.choices import options_of
from agent_console.dispatch.forms import DispatchForm, SignForm
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.steps_taken import Answer, take
from agent_console.suggested_lead import suggested
from agent_console.tickets.standing import is_unprepared
from agent_console.tickets.steps import Step, step_for
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.dispatch import queries, service
from hotline.people.actors import Role
from hotline.people.queries import departments
from hotline.tickets.models import Ticket
from hotline.tickets.queries import in_states
from hotline.tickets.states import State

blueprint = Blueprint("dispatch", __name__)


@blueprint.get("/dispatch")
@open_to(Role.DISPATCHER)
def queue() -> str:
    """Accepted tickets without a department."""
    with acting_context().reading() as session:
        tickets = in_states(State.TO_DISPATCH)
        empty = (_("没有等派单的工单"), _("初筛受理后，工单会自动出现在这里。"))
        return render_list(session, _("待派单"), tickets, empty)


@step_for(State.TO_DISPATCH, Role.DISPATCHER)
def dispatch_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Choose the lead; the catalogue's suggestion is chosen already, and says why."""
    if is_unprepared(ticket):
        return None
    lead_id, why, assists = suggested(session, ticket)
    shown = form
    if not isinstance(shown, DispatchForm):
        shown = _form(session)
        shown.lead_id.data, shown.assist_ids.data = lead_id, assists
    return Step(
        "dispatch/dispatch.html",
        {
            "form": shown,
            "why": why,
            "due": service.preview_due(session, acting_context(), ticket),
        },
    )


@blueprint.post("/tickets/<number>/dispatch")
@open_to(Role.DISPATCHER)
def dispatch(number: str) -> Answer:
    """To the lead department."""
    with acting_context().reading() as session:
        form = _form(session)
    return take(
        number,
        form,
        lambda ticket_id: service.dispatch(
            acting_context(),
            ticket_id,
            form.lead_id.data,
            form.assist_ids.data or (),
            form.reason.data or "",
        ),
        _("已派单，等主办单位签收。"),
    )


@step_for(State.DISPATCHED, Role.HANDLER)
def sign_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's handler takes the ticket."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    assignment = queries.lead_assignment(session, ticket.id)
    return Step("dispatch/sign.html", {"form": SignForm(formdata=None), "assignment": assignment})


@blueprint.post("/tickets/<number>/sign")
@open_to(Role.HANDLER)
def sign(number: str) -> Answer:
    """Signed for."""
    return take(
        number,
        SignForm(),
        lambda ticket_id: service.sign(acting_context(), ticket_id),
        _("已签收。下一步：联系市民。"),
    )


def _form(session: Session) -> DispatchForm:
    form = DispatchForm()
    units = [(d.id, d.name_en if is_english() else d.name_zh) for d in departments(session)]
    form.lead_id.choices = options_of(units)
    form.assist_ids.choices = options_of(units)
    return form
