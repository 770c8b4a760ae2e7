"""The department's steps from signature to reply, as the ticket's page offers them."""

from collections.abc import Sequence

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.evidence.steps import file_limits
from agent_console.house import acting_context
from agent_console.record_words import VISITS_WANTED
from agent_console.replies.forms import (
    ApproveForm,
    ClosePartForm,
    ContactForm,
    PartForm,
    ReplyForm,
    SendBackForm,
    VisitForm,
    answer_name,
    asks_cause,
    filled_in,
    reply_form,
)
from agent_console.review.shown import checked, why
from agent_console.tickets.reads import ticket_to_read
from agent_console.tickets.steps import Step, another_step_for, step_for
from agent_console.words import LazyString
from hotline.dispatch.queries import lead_assignment, open_assists, overdue_assists
from hotline.people.actors import Role
from hotline.replies.on_site import visit_missing
from hotline.replies.queries import citizen_told, contact_records, draft_reply
from hotline.review.queries import last_rejection
from hotline.tickets.models import Question, Ticket
from hotline.tickets.states import State


@step_for(State.HANDLING, Role.UNIT_REVIEWER)
def approve_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The unit's leader reads the waiting reply and sends it to the hotline."""
    waiting = draft_reply(session, ticket.id)
    if waiting is None or not waiting.waits or ticket.holder_id != current_user.actor.department_id:
        return None
    if waiting.drafted_by_id == current_user.user_id:
        return None
    return Step(
        "replies/approve.html",
        {
            "form": ApproveForm(formdata=None),
            "send_back": form if isinstance(form, SendBackForm) else SendBackForm(formdata=None),
            "reply": waiting,
            "contacted": citizen_told(session, ticket),
            "visit_wanted": visit_wanted(session, ticket),
            "check": checked(session, waiting),
            "rejection": last_rejection(session, ticket),
            "why": why,
        },
    )


@step_for(State.HANDLING, Role.HANDLER)
def reply_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The handler records contacts with the citizen and writes the reply."""
    if ticket.holder_id != current_user.actor.department_id:
        return None
    waiting = draft_reply(session, ticket.id)
    shown = form if isinstance(form, ReplyForm) else reply_form(ticket, waiting)
    return Step(
        "replies/reply.html",
        {
            "form": shown,
            "contact_form": form if isinstance(form, ContactForm) else ContactForm(formdata=None),
            "visit_form": form if isinstance(form, VisitForm) else VisitForm(formdata=None),
            "records": contact_records(session, ticket.id),
            "contacted": citizen_told(session, ticket),
            "visit_wanted": visit_wanted(session, ticket),
            "waiting": waiting,
            "check": checked(session, waiting) if waiting else None,
            "rejection": last_rejection(session, ticket),
            "why": why,
            "answer_name": answer_name,
            "asks_cause": asks_cause(ticket),
            **file_limits(),
        },
    )


def visit_wanted(session: Session, ticket: Ticket) -> LazyString | None:
    """Why somebody has to go there before the reply is sent, in words."""
    why = visit_missing(session, ticket, lead_assignment(session, ticket.id))
    return VISITS_WANTED[why] if why else None


@step_for(State.DISPATCHED, Role.HANDLER, Role.UNIT_REVIEWER)
@step_for(State.RETURN_PENDING, Role.HANDLER, Role.UNIT_REVIEWER)
@step_for(State.HANDLING, Role.HANDLER, Role.UNIT_REVIEWER)
@step_for(State.NEED_INFO_UNIT, Role.HANDLER, Role.UNIT_REVIEWER)
@step_for(State.SUSPENDED, Role.HANDLER, Role.UNIT_REVIEWER)
def part_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """An assisting department says what it has done; the lead's reply waits for that."""
    unit_id = current_user.actor.department_id
    parts = [part for part in open_assists(session, ticket.id) if part.department_id == unit_id]
    if not parts:
        return None
    shown = form if isinstance(form, PartForm) else PartForm(formdata=None)
    return Step("replies/part.html", {"form": shown, "due_at": parts[0].due_at})


@another_step_for(State.HANDLING, Role.UNIT_REVIEWER)
def close_part_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The lead's leader goes on without a department whose part is overdue."""
    overdue = overdue_assists(session, ticket.id, acting_context().now())
    if ticket.holder_id != current_user.actor.department_id or not overdue:
        return None
    refused = isinstance(form, ClosePartForm)
    shown = form if isinstance(form, ClosePartForm) else ClosePartForm(formdata=None)
    return Step("replies/close_part.html", {"form": shown.offer(overdue), "is_open": refused})


def posted_close_part_form(number: str) -> ClosePartForm:
    """The form as it was filled in, with the departments that may still be chosen."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        return ClosePartForm().offer(overdue_assists(session, ticket.id, acting_context().now()))


def posted_reply_form(number: str) -> tuple[ReplyForm, Sequence[Question]]:
    """The form as it was filled in, and the questions that it answers."""
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        return filled_in(ticket), ticket.questions
