"""On a ticket's page: a look-alike sweep can begin from it, and those that did."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.tickets.steps import Step, another_step_for
from hotline.campaigns.queries import begun_from
from hotline.campaigns.rules import RUNNERS
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def sweep_step(session: Session, ticket: Ticket, _form: FlaskForm | None) -> Step | None:
    """Nothing to fill in: the form has a page of its own, prefilled."""
    return Step("campaigns/section.html", {"begun": begun_from(session, ticket.id)})


for _state in State:
    if _state is not State.DRAFT:
        another_step_for(_state, *RUNNERS)(sweep_step)
