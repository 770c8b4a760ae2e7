"""Returning a ticket and deciding on that, as the ticket's page offers them."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.house import acting_context
from agent_console.refusals import GUARD_WORDS
from agent_console.returns.forms import DesignateForm, JudgeForm, ReturnForm, designate_form, return_form
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.dispatch.queries import open_return
from hotline.dispatch.returns import return_window
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

JUDGES = (Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR)


@another_step_for(State.DISPATCHED, Role.UNIT_REVIEWER)
@another_step_for(State.HANDLING, Role.UNIT_REVIEWER)
def return_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's leader returns the ticket, while that is possible; else why it is not."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    window = return_window(session, acting_context(), ticket)
    if window is None:
        return None
    refused = isinstance(form, ReturnForm)
    shown = form if refused else return_form(session, own_id=ticket.holder_id, formdata=None)
    return Step(
        "returns/return.html",
        {
            "form": shown,
            "is_open": refused,
            "until": window.ends_at,
            "refusal": GUARD_WORDS[window.refusal] if window.refusal else None,
            "is_signed": ticket.state is State.HANDLING,
        },
    )


@step_for(State.RETURN_PENDING, *JUDGES)
def judge_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What was asked, and the decision; a dispute is for supervisor and director."""
    request = open_return(session, ticket.id)
    if request is None:
        return None
    shown: FlaskForm | None
    if request.is_disputed:
        is_judge = current_user.has(Role.SUPERVISOR, Role.DIRECTOR)
        shown = form if isinstance(form, DesignateForm) else designate_form(session, formdata=None)
    else:
        is_judge = current_user.has(Role.DISPATCHER, Role.SUPERVISOR)
        shown = form if isinstance(form, JudgeForm) else JudgeForm(formdata=None)
    is_judge = is_judge and request.asked_by_id != current_user.user_id
    return Step("returns/judge.html", {"form": shown if is_judge else None, "request": request})
