"""Merging, taking out and reopening on the ticket's page."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.house import acting_context
from agent_console.merging.forms import MergeForm, RecurrenceForm, ReopenMasterForm, UnmergeForm
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.appeals.rules import may_reopen
from hotline.merging import queries
from hotline.merging.recurring import linked_before, may_be_of
from hotline.people.actors import Role
from hotline.screening.queries import waiting_refusal
from hotline.suggestions.similar import is_same
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@another_step_for(State.REGISTERED, Role.SCREENER)
def merge_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Open tickets that may be the same matter, each with its button; or any other by its number."""
    if waiting_refusal(session, ticket.id) is not None:
        return None
    refused = isinstance(form, MergeForm)
    candidates = queries.candidates(session, ticket, acting_context().now())
    return Step(
        "merging/merge.html",
        {
            "form": form if refused else MergeForm(formdata=None),
            "is_open": refused or bool(candidates),
            "candidates": candidates,
            "is_same": is_same,
        },
    )


@another_step_for(State.REGISTERED, Role.SCREENER)
def recurrence_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Closed tickets of the same telephone, each with its button; or another by its number."""
    refused, earlier = isinstance(form, RecurrenceForm), may_be_of(session, ticket)
    if not earlier and not refused:
        return None
    return Step(
        "merging/recurrence.html",
        {
            "form": form if refused else RecurrenceForm(formdata=None),
            "is_open": refused,
            "earlier": earlier,
            "linked": linked_before(session, ticket.contact_id) if earlier else (),
        },
    )


@step_for(State.MERGED, Role.SUPERVISOR)
def reopen_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """The citizen says no, and the master is closed: take it up again, while that is possible."""
    master = ticket.master
    if master is None or master.state is not State.CLOSED or not queries.said_unsolved(session, ticket):
        return None
    shown = form if isinstance(form, ReopenMasterForm) else ReopenMasterForm(formdata=None)
    in_time = may_reopen(master.closed_at, acting_context().now())
    return Step("merging/reopen.html", {"form": shown, "in_time": in_time, "master": master})


@another_step_for(State.MERGED, Role.SUPERVISOR)
def unmerge_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """Out of the family, with the reason on record."""
    refused = isinstance(form, UnmergeForm)
    return Step(
        "merging/unmerge.html", {"form": form if refused else UnmergeForm(formdata=None), "is_open": refused}
    )
