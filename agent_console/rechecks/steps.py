"""Setting a day of another look and recording it, on the ticket's page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.rechecks.forms import LookedForm, RecheckForm
from agent_console.tickets.steps import Step, another_step_for
from hotline.people.actors import Role
from hotline.rechecks.models import Recheck
from hotline.rechecks.queries import open_recheck
from hotline.rechecks.rules import MOST_DAYS
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

AFTERWARDS = tuple(state for state in State if state not in (State.DRAFT, State.HANDLING, State.ARCHIVED))


@another_step_for(State.HANDLING, Role.HANDLER)
def recheck_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The handler says when the department looks again; where it is said, moves it or records the finding."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    waiting = open_recheck(session, ticket)
    refused = isinstance(form, RecheckForm)
    setting = form if refused else RecheckForm(formdata=None, obj=waiting)
    return Step("rechecks/recheck.html", {"set_form": setting, "sets": refused, **_looked(waiting, form)})


def looked_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Whoever handled it looks again, wherever the ticket is by then."""
    waiting = open_recheck(session, ticket)
    if waiting is None or ticket.holder_id != current_user.actor.department_id:
        return None
    return Step("rechecks/recheck.html", {"set_form": None, "sets": False, **_looked(waiting, form)})


for _state in AFTERWARDS:
    another_step_for(_state, Role.HANDLER)(looked_step)


def _looked(waiting: Recheck | None, form: FlaskForm | None) -> Mapping[str, Any]:
    refused, today = isinstance(form, LookedForm), times.midnight().date()
    due = waiting is not None and waiting.day <= today
    return {
        "waiting": waiting,
        "due": due,
        "form": form if refused else LookedForm(formdata=None),
        "is_open": refused or isinstance(form, RecheckForm) or due,
        "from_day": today + timedelta(days=1),
        "to_day": today + timedelta(days=MOST_DAYS),
    }
