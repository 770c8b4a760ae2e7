"""What emergency services have: the screeners' part of a ticket that went to one of them."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.referrals.forms import BackForm, TakeForm
from agent_console.referrals.views import blueprint
from agent_console.steps_taken import Answer, take
from agent_console.tickets.steps import Step, step_for
from agent_console.words import _
from hotline.people.actors import Role
from hotline.referrals import emergencies as service
from hotline.referrals.queries import service_of
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@step_for(State.TRANSFERRED, Role.SCREENER)
def emergency_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Write down the service's own number, or take it back."""
    if ticket.screening_class is not None:
        return None
    return Step(
        "referrals/emergency.html",
        {
            "service": service_of(ticket),
            "form": form if isinstance(form, TakeForm) else TakeForm(formdata=None),
            "back_form": form if isinstance(form, BackForm) else BackForm(formdata=None),
            "sending_back": isinstance(form, BackForm),
        },
    )


@blueprint.post("/tickets/<number>/emergency-receipt")
@open_to(Role.SCREENER)
def emergency_receipt(number: str) -> Answer:
    """Closed, under the service's number."""
    form = TakeForm()
    return take(
        number,
        form,
        lambda ticket_id: service.record_receipt(acting_context(), ticket_id, form.receipt.data or ""),
        _("已记录回执。"),
    )


@blueprint.post("/tickets/<number>/emergency-back")
@open_to(Role.SCREENER)
def emergency_back(number: str) -> Answer:
    """Back to screening."""
    form = BackForm()
    return take(
        number,
        form,
        lambda ticket_id: service.take_back(acting_context(), ticket_id, form.back_why.data or ""),
        _("已转回初筛。"),
    )
