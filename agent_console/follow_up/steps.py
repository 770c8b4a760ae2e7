"""The steps after an accepted reply, as the ticket's page offers them."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.follow_up.forms import AnswersForm, CallForm, FindingForm, RedispatchForm
from agent_console.tickets.steps import Step, step_for
from hotline.follow_up.models import FollowUpState
from hotline.follow_up.queries import open_of, reworks
from hotline.people.actors import Role
from hotline.tickets.guards import MOST_REWORKS
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@step_for(State.MERGED, Role.CALLBACK_AGENT)
@step_for(State.CALLBACK, Role.CALLBACK_AGENT)
def call_back_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Dial now, or write down what the citizen said; after a no, find out why."""
    follow_up = open_of(session, ticket.id)
    if follow_up is None:
        return None
    if follow_up.state is FollowUpState.NEEDS_FINDING:
        shown = form if isinstance(form, FindingForm) else FindingForm(formdata=None)
        return Step("follow_up/finding.html", {"form": shown})
    shown_answers = form if isinstance(form, AnswersForm) else AnswersForm(formdata=None)
    return Step(
        "follow_up/call.html",
        {"form": shown_answers, "call_form": CallForm(formdata=None), "follow_up": follow_up},
    )


@step_for(State.REWORK, Role.SUPERVISOR)
def redispatch_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """The supervisor sends the ticket back to its department, a third time under special supervision only."""
    often = reworks(session, [ticket.id]).get(ticket.id, 0) >= MOST_REWORKS
    waits = often and ticket.kept_open_by is None
    shown = form if isinstance(form, RedispatchForm) else RedispatchForm(formdata=None)
    return Step("follow_up/redispatch.html", {"form": shown, "waits": waits})
