"""Asking for more time and deciding on that, as the ticket's page offers them."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.deadlines.words import limit_words
from agent_console.extensions.forms import DecideForm, ExtensionForm
from agent_console.house import acting_context
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.extensions import rules
from hotline.extensions.queries import granted, open_extension
from hotline.extensions.service import chance_of
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import KeptOpenBy, State


@another_step_for(State.HANDLING, Role.UNIT_REVIEWER)
def extension_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's leader asks for more time, while that is possible; else why it is not."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    chance = chance_of(session, acting_context(), ticket)
    refused = isinstance(form, ExtensionForm)
    shown = form if refused else ExtensionForm(formdata=None)
    shows = {"form": shown, "is_open": refused, "chance": chance, "most": limit_words(chance.most)}
    return Step("extensions/ask.html", shows)


@step_for(State.HANDLING, *rules.JUDGES)
def decide_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What was asked for, and the decision; a second extension is the director's, one of a ticket with an
    instruction the instructing side's."""
    request = open_extension(session, ticket)
    if request is None:
        return None
    had = granted(session, ticket)
    may = current_user.has(*rules.judges(had, ticket.kept_open_by))
    own = rules.against_deciding(current_user.actor, request.asked_by_id, request.department_id)
    shown = form if isinstance(form, DecideForm) else DecideForm(formdata=None)
    return Step(
        "extensions/decide.html",
        {
            "form": shown if may and own is None else None,
            "request": request,
            "had": had,
            "instructed": ticket.kept_open_by is KeptOpenBy.INSTRUCTION,
            "chance": chance_of(session, acting_context(), ticket),
        },
    )
