"""Asking the citizen and writing the answer down, as the ticket's page offers them."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.questions.forms import QuestionForm, UnitAnswerForm
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.people.actors import Role
from hotline.questions.queries import open_question
from hotline.questions.service import has_asked
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@another_step_for(State.HANDLING, Role.HANDLER)
def ask_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's handler asks the citizen, once."""
    refused = isinstance(form, QuestionForm)
    if ticket.holder_id != current_user.actor.department_id or (has_asked(session, ticket) and not refused):
        return None
    return Step(
        "questions/ask.html",
        {"form": form if refused else QuestionForm(formdata=None), "is_open": refused},
    )


@step_for(State.NEED_INFO_UNIT, Role.AGENT)
def answer_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The hotline's agent speaks with the citizen and writes down what they say."""
    waiting = open_question(session, ticket.id)
    shown = form if isinstance(form, UnitAnswerForm) else UnitAnswerForm(formdata=None)
    return Step("questions/answer.html", {"form": shown, "waiting": waiting})
