"""Attaching files and taking one back, as the ticket's page offers them."""

from typing import Any

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.evidence.forms import AttachForm, WithdrawForm, withdraw_form
from agent_console.evidence.limits import MOST_AT_ONCE
from agent_console.file_words import size_words
from agent_console.house import house
from agent_console.tickets.steps import Step, another_step_for
from hotline.evidence.kinds import endings
from hotline.evidence.queries import kept_of
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@another_step_for(State.HANDLING, Role.HANDLER)
def evidence_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The department's handler attaches files, and takes back what does not belong there."""
    unit_id = current_user.actor.department_id
    if ticket.holder_id != unit_id:
        return None
    own = kept_of(session, ticket.id, unit_id)
    shows = {
        "form": form if isinstance(form, AttachForm) else AttachForm(formdata=None),
        "withdrawal": form if isinstance(form, WithdrawForm) else withdraw_form(own, posted=False),
        "own": own,
        "is_open": isinstance(form, AttachForm | WithdrawForm),
        **file_limits(),
    }
    return Step("evidence/step.html", shows)


def file_limits() -> dict[str, Any]:
    """What a form with files says about them."""
    return {
        "accept": ",".join(endings()),
        "largest": size_words(house().context.settings.evidence_bytes),
        "at_once": MOST_AT_ONCE,
    }
