"""The screener's list and the step that accepts a ticket."""

from flask import Blueprint
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.screening.forms import AcceptForm
from agent_console.steps_taken import Answer, take
from agent_console.tickets.reads import ticket_to_read
from agent_console.tickets.steps import Step, step_for
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.dispatch.queries import categories
from hotline.people.actors import Role
from hotline.screening import service
from hotline.tickets.models import Ticket
from hotline.tickets.queries import in_states
from hotline.tickets.states import State

blueprint = Blueprint("screening", __name__)


@blueprint.get("/screening")
@open_to(Role.SCREENER)
def queue() -> str:
    """Registered tickets that nobody has screened."""
    with acting_context().reading() as session:
        tickets = in_states(session, State.REGISTERED)
        empty = (_("没有等初筛的工单"), _("接线员登记后，工单会自动出现在这里。"))
        return render_list(session, _("待初筛"), tickets, empty)


@step_for(State.REGISTERED, Role.SCREENER)
def accept_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """Accept as a government service matter."""
    shown = form if isinstance(form, AcceptForm) else _form(session, ticket)
    return Step("screening/accept.html", {"form": shown})


@blueprint.post("/tickets/<number>/accept")
@open_to(Role.SCREENER)
def accept(number: str) -> Answer:
    """On to dispatch."""
    with acting_context().reading() as session:
        form = _form(session, ticket_to_read(session, number))
    return take(
        number,
        form,
        lambda ticket_id: service.accept(
            acting_context(), ticket_id, form.screened(), form.reason.data or ""
        ),
        _("已受理，转到派单。"),
    )


def _form(session: Session, ticket: Ticket) -> AcceptForm:
    return AcceptForm.of(ticket, list(categories(session)), is_english())
