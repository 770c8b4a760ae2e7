"""The steps before dispatch, as the ticket's page offers them."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.language import is_english
from agent_console.screening.forms import AcceptForm, AnswerForm, AskAgainForm, AskForm
from agent_console.tickets.steps import Step, step_for
from hotline.dispatch.queries import categories
from hotline.people.actors import Role
from hotline.screening.asking import WRITERS
from hotline.screening.queries import open_requests
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@step_for(State.REGISTERED, Role.SCREENER)
def screening_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """Accept as a government service matter, or ask the citizen first."""
    return Step(
        "screening/screen.html",
        {
            "form": form if isinstance(form, AcceptForm) else accept_form(session, ticket),
            "ask_form": form if isinstance(form, AskForm) else AskForm(formdata=None),
            "asking": isinstance(form, AskForm),
        },
    )


@step_for(State.NEED_INFO, Role.SCREENER, *WRITERS)
def waiting_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """Write down what the citizen adds, or ask a second time."""
    requests = open_requests(session, ticket.id)
    return Step(
        "screening/waiting.html",
        {
            "form": form if isinstance(form, AnswerForm) else AnswerForm(formdata=None),
            "again_form": form if isinstance(form, AskAgainForm) else AskAgainForm(formdata=None),
            "asking": isinstance(form, AskAgainForm),
            "requests": requests,
            "may_write": current_user.has(*WRITERS),
        },
    )


def accept_form(session: Session, ticket: Ticket) -> AcceptForm:
    """The form with what the agent wrote."""
    return AcceptForm.of(ticket, list(categories(session)), is_english())
