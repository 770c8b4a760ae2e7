"""The steps before dispatch, as the ticket's page offers them."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.screening.forms import (
    AcceptForm,
    AnswerForm,
    AskAgainForm,
    AskForm,
    DecideForm,
    ObjectionForm,
    RefuseForm,
)
from agent_console.tickets.steps import Step, step_for
from hotline.appeals.queries import waiting_appeal
from hotline.contacts.channels import is_own
from hotline.dispatch.queries import categories
from hotline.people.actors import Role
from hotline.screening.asking import WRITERS
from hotline.screening.models import Refusal, RefusalState
from hotline.screening.queries import open_requests, refusal_in_force, waiting_refusal
from hotline.screening.refusing import TELLERS, may_object
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

SCREENERS = (Role.SCREENER, Role.MEDIA_SCREENER)
"""Media only what their own channel brings: the core says which."""


@step_for(State.REGISTERED, *SCREENERS, Role.SUPERVISOR)
def screening_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Accept, ask the citizen or propose to refuse; decide where a refusal is proposed."""
    if refusal := waiting_refusal(session, ticket.id):
        return _decision(refusal, form)
    may_screen = current_user.has(Role.SCREENER) or is_own(current_user.actor, ticket.channel)
    if not may_screen:
        return None
    return Step(
        "screening/screen.html",
        {
            "form": form if isinstance(form, AcceptForm) else accept_form(session, ticket),
            "ask_form": form if isinstance(form, AskForm) else AskForm(formdata=None),
            "asking": isinstance(form, AskForm),
            "refuse_form": form if isinstance(form, RefuseForm) else RefuseForm(formdata=None),
            "refusing": isinstance(form, RefuseForm),
        },
    )


def _decision(refusal: Refusal, form: FlaskForm | None) -> Step:
    """Those who acted before see that it waits; the others decide."""
    disputed = refusal.state is RefusalState.DISPUTED
    judges = Role.SUPERVISOR if disputed else Role.SCREENER
    acted = current_user.actor.user_id in (refusal.proposed_by_id, refusal.second_id)
    shown = form if isinstance(form, DecideForm) else DecideForm(formdata=None)
    may_decide = current_user.has(judges) and not acted
    return Step("screening/decide.html", {"form": shown, "disputed": disputed, "may_decide": may_decide})


@step_for(State.NOT_ACCEPTED, Role.SUPERVISOR, *TELLERS)
def refused_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Tell the citizen; hear what they object."""
    refusal = refusal_in_force(session, ticket.id)
    if refusal is None:
        return None
    objects = refusal.objected_at is None and may_object(acting_context(), refusal)
    tell = refusal.told_at is None and current_user.has(*TELLERS)
    asked = waiting_appeal(session, ticket.id) is not None  # then it is decided as what the citizen asks for
    hears = objects and not asked and current_user.has(Role.SUPERVISOR)
    if not tell and not hears:
        return None
    shown = form if isinstance(form, ObjectionForm) else ObjectionForm(formdata=None)
    return Step("screening/refused.html", {"form": shown, "tell": tell, "hears": hears, "refusal": refusal})


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
