"""Writing down, checking and deciding what a citizen asks for, on the ticket's page."""

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.appeal_words import APPEAL_KINDS, APPEAL_OBSTACLES, ORDER_OBSTACLES
from agent_console.appeals.forms import AppealForm, CheckForm, DecideForm, ExceptionalForm, OrderForm
from agent_console.house import acting_context
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.appeals import rules
from hotline.appeals.models import Appeal, AppealKind
from hotline.appeals.ordered import ORDERERS, against_order
from hotline.appeals.queries import waiting_appeal
from hotline.appeals.service import against
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

WORDS = {"kinds": APPEAL_KINDS, "obstacles": APPEAL_OBSTACLES}


def decide_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What the citizen asks for, what the call has found, and the supervisor's decision."""
    appeal = waiting_appeal(session, ticket.id)
    return _decision(ticket, appeal, form) if appeal and not _can_only_be_refused(ticket, appeal) else None


def refuse_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """As above, beside what is to be done next, while nothing but a no is possible."""
    appeal = waiting_appeal(session, ticket.id)
    return _decision(ticket, appeal, form) if appeal and _can_only_be_refused(ticket, appeal) else None


def _can_only_be_refused(ticket: Ticket, appeal: Appeal) -> bool:
    if appeal.kind is not AppealKind.WITHDRAWAL:
        return False
    return ticket.state not in rules.WITHDRAWN_FROM or _is_unchecked(ticket, appeal)


def _is_unchecked(ticket: Ticket, appeal: Appeal) -> bool:
    return ticket.state is State.HANDLING and not appeal.freely


def _decision(ticket: Ticket, appeal: Appeal, form: FlaskForm | None) -> Step:
    own = current_user.actor.user_id in (appeal.asked_by_id, appeal.checked_by_id)
    shown = form if isinstance(form, DecideForm) else DecideForm(formdata=None)
    withdrawal = appeal.kind is AppealKind.WITHDRAWAL
    return Step(
        "appeals/decide.html",
        {
            "form": None if own else shown,
            "appeal": appeal,
            "unchecked": withdrawal and _is_unchecked(ticket, appeal),
            "elsewhere": withdrawal and ticket.state not in rules.WITHDRAWN_FROM,
            **WORDS,
        },
    )


@step_for(State.DISPATCHED, *rules.CHECKERS)
@step_for(State.HANDLING, *rules.CHECKERS)
def check_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Somebody of the hotline asks the citizen whether they withdraw of their own free will."""
    appeal = waiting_appeal(session, ticket.id)
    if appeal is None or appeal.checked_at or appeal.kind is not AppealKind.WITHDRAWAL:
        return None
    own = current_user.actor.user_id == appeal.asked_by_id
    shown = form if isinstance(form, CheckForm) else CheckForm(formdata=None)
    return Step("appeals/check.html", {"form": None if own else shown, "appeal": appeal, **WORDS})


def ask_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """A citizen who calls wants something: written down, or why it cannot be."""
    at_once = ticket.state in rules.BEFORE_DISPATCH
    kinds = (AppealKind.WITHDRAWAL,) if at_once else rules.kinds_for(ticket.state)
    if not kinds or (at_once and not current_user.has(Role.AGENT)):
        return None
    if at_once:
        obstacle = rules.against_withdrawal(ticket)
    else:
        obstacle = against(session, acting_context(), ticket, kinds[0])
    refused = isinstance(form, AppealForm)
    shown = form if isinstance(form, AppealForm) else AppealForm.of(kinds)
    shown.offer(kinds)
    return Step(
        "appeals/ask.html",
        {"form": shown, "is_open": refused, "obstacle": obstacle, "at_once": at_once, **WORDS},
    )


for _state in (*rules.WITHDRAWN_FROM, State.CLOSED, State.NOT_ACCEPTED):
    step_for(_state, *rules.JUDGES)(decide_step)
for _state in rules.WITH_A_DEPARTMENT:
    another_step_for(_state, *rules.JUDGES)(refuse_step)
for _state in (*rules.BEFORE_DISPATCH, *rules.WITHDRAWN_FROM, State.CLOSED, State.NOT_ACCEPTED):
    another_step_for(_state, *rules.WRITERS)(ask_step)


@another_step_for(State.ARCHIVED, Role.DIRECTOR)
def exceptional_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """The director takes it out of the archive, unless nobody is known in it any more."""
    refused = isinstance(form, ExceptionalForm)
    shown = form if refused else ExceptionalForm(formdata=None)
    return Step(
        "appeals/exceptional.html",
        {"form": shown, "is_open": refused, "anonymised": ticket.anonymised_at is not None},
    )


@another_step_for(State.CLOSED, *ORDERERS)
@another_step_for(State.ARCHIVED, *ORDERERS)
def order_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step:
    """A leader or an auditor takes it up again; out of the archive the director does."""
    refused = isinstance(form, OrderForm)
    return Step(
        "appeals/order.html",
        {
            "form": form if refused else OrderForm(formdata=None),
            "is_open": refused,
            "is_archived": ticket.state is State.ARCHIVED,
            "anonymised": ticket.anonymised_at is not None,
            "obstacle": against_order(session, current_user.actor, ticket),
            "obstacles": ORDER_OBSTACLES,
        },
    )
