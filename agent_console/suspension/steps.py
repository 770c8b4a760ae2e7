"""Asking for a suspension, deciding on it and taking the matter up again, on the ticket's page."""

from datetime import timedelta

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.suspension.forms import DecideForm, ResumeForm, SuspensionForm
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.people.actors import Role
from hotline.replies.queries import citizen_told
from hotline.suspension.queries import asked_suspension, running_suspension
from hotline.suspension.rules import MOST_DAYS_TO_REVIEW, Obstacle
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@another_step_for(State.HANDLING, Role.UNIT_REVIEWER)
def suspension_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's leader asks to put the matter on record."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    refused = isinstance(form, SuspensionForm)
    today = times.midnight().date()
    return Step(
        "suspension/ask.html",
        {
            "form": form if refused else SuspensionForm(formdata=None),
            "is_open": refused,
            "obstacle": Obstacle.WAITING if asked_suspension(session, ticket) else None,
            "citizen_told": citizen_told(session, ticket),
            "from_day": today + timedelta(days=1),
            "to_day": today + timedelta(days=MOST_DAYS_TO_REVIEW),
        },
    )


@step_for(State.HANDLING, Role.SUPERVISOR)
def decide_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What was asked for, and the supervisor's decision."""
    request = asked_suspension(session, ticket)
    if request is None:
        return None
    actor = current_user.actor
    own = request.asked_by_id == actor.user_id or request.department_id == actor.department_id
    shown = form if isinstance(form, DecideForm) else DecideForm(formdata=None)
    told = citizen_told(session, ticket)
    return Step(
        "suspension/decide.html", {"form": None if own else shown, "request": request, "citizen_told": told}
    )


@step_for(State.SUSPENDED, Role.HANDLER)
def resume_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department takes the matter up before the day of review."""
    running = running_suspension(session, ticket)
    if running is None or ticket.holder_id != current_user.actor.department_id:
        return None
    shown = form if isinstance(form, ResumeForm) else ResumeForm(formdata=None)
    return Step("suspension/resume.html", {"form": shown, "running": running})


@step_for(State.SUSPENDED, Role.SUPERVISOR, Role.DIRECTOR, Role.UNIT_REVIEWER)
def record_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What is on record, for those who only look."""
    running = running_suspension(session, ticket)
    return Step("suspension/resume.html", {"form": None, "running": running}) if running else None
