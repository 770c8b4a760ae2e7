"""What the page of a matter that is not registered yet offers."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.desk.reads import may_write
from agent_console.tickets.steps import Step, step_for
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@step_for(State.DRAFT, Role.AGENT)
def draft_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The way to the desk, for whoever may write the draft."""
    writes = may_write(session, current_user.user_id, ticket)
    return Step("desk/draft_link.html", {}) if writes else None
