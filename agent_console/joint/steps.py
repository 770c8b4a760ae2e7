"""Joint supervision on the ticket's page: what there is, and the way to a new one."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.tickets.steps import Step, another_step_for
from hotline.joint import queries
from hotline.joint.rules import OPENERS, READERS
from hotline.supervision.queries import SETTLED
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def joint_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Nothing where there is none and whoever looks can open none."""
    found = queries.of_ticket(session, ticket.id)
    goes_on = any(one.ended_at is None for one in found)
    possible = ticket.holder_id is not None and ticket.state not in SETTLED and not goes_on
    may_open = possible and current_user.has(*OPENERS)
    return Step("joint/section.html", {"found": found, "may_open": may_open}) if found or may_open else None


for _state in State:
    if _state is not State.DRAFT:
        another_step_for(_state, *READERS)(joint_step)
