"""The review of a reply on the ticket's page."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.house import house
from agent_console.review.forms import ReviewForm, judgement
from agent_console.review.shown import checked, why
from agent_console.tickets.steps import Step, step_for
from hotline.people.actors import Role
from hotline.replies.queries import latest_reply
from hotline.review.queries import COUNTED_SINCE, times_perfunctory, times_perfunctory_of
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@step_for(State.REPLIED, Role.REVIEWER)
def review_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The reviewer reads the reply with what was noticed about it, and decides."""
    reply = latest_reply(session, ticket.id)
    if reply is None:
        return None
    check = checked(session, reply)
    shown = form if isinstance(form, ReviewForm) else ReviewForm(formdata=None)
    if shown is form:
        shown.point_at_undecided(check.found)
    since = house().context.now() - COUNTED_SINCE
    return Step(
        "review/review.html",
        {
            "form": shown,
            "check": check,
            "judgement": judgement,
            "why": why,
            "times_ticket": times_perfunctory(session, ticket.id),
            "times_unit": times_perfunctory_of(session, reply.department_id, since),
        },
    )
