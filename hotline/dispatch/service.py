"""What may be done on the way to a department: dispatch and sign."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, select, update
from sqlalchemy.orm import Session, joinedload

from hotline.built_once import built_once
from hotline.context import Context
from hotline.deadlines.profiles import Profile, profile
from hotline.deadlines.queries import in_force, reckoner
from hotline.deadlines.rules import DueTimes, shortest
from hotline.dispatch import queries
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.people.actors import SYSTEM
from hotline.people.models import Department, User
from hotline.tickets import rows
from hotline.tickets.lifecycle import transition
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

SIGNED_TOGETHER = 100  # in one transaction: their lines of history and of the event log go in at once
ASSIST_EARLIER = timedelta(days=1)  # an assist is due a day before the lead, but has a day at least


def preview_due(session: Session, context: Context, ticket: Ticket) -> DueTimes:
    """The due times that dispatching this ticket now would give: by the profile in force, and by that which
    is laid over it for the track, whichever is shorter."""
    return _due_by(in_force(session, context), context, ticket)


def _due_by(limits: Profile, context: Context, ticket: Ticket) -> DueTimes:
    over = context.settings.track_profiles.get(ticket.track)
    counting, matter = reckoner(context), (context.now(), ticket.urgency, ticket.type, ticket.track)
    laid = [limits, profile(over)] if over else [limits]
    return shortest(counting.due_times(one, *matter) for one in laid)


def dispatch(
    context: Context, ticket_id: int, lead_id: int, assist_ids: Sequence[int] = (), reason: str = ""
) -> DueTimes:
    """To dispatched (T16): one lead, any assists, due times by the profile in force. Returns these.

    Raises `GuardFailed` if the lead has no reviewing leader and handler, is also an assist, has returned the
    ticket already, or is not the one that the hotline has designated.
    """
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        limits = in_force(session, context)
        due = _due_by(limits, context, ticket)
        facts = _facts(session, ticket, limits, due, lead_id, assist_ids)
        ticket.move("dispatch", context.actor, context.now(), reason, **facts)
        ticket.holder_id, ticket.due_at = lead_id, due.result_at
        ticket.deadline_profile = limits.name
        rule_id = facts["catalogue_rule_id"]
        _assign(session, context, ticket, lead_id, AssignmentRole.LEAD, due, rule_id)
        for assist_id in dict.fromkeys(assist_ids):
            _assign(session, context, ticket, assist_id, AssignmentRole.ASSIST, due, None)
        rows.announce(session, context, ticket, "dispatched")
        return due


def foresee_dispatch(
    session: Session, context: Context, ticket: Ticket, lead_id: int, assist_ids: Sequence[int] = ()
) -> DueTimes:
    """What `dispatch` would give now; raises what it would raise. Changes nothing."""
    limits = in_force(session, context)
    due = _due_by(limits, context, ticket)
    facts = _facts(session, ticket, limits, due, lead_id, assist_ids)
    transition(ticket, ticket.state, "dispatch", context.actor, facts)
    return due


def foresee_sign(context: Context, ticket: Ticket) -> None:
    """Raises what `sign` would raise now. Changes nothing."""
    transition(ticket, ticket.state, "sign", context.actor, {})


def sign(context: Context, ticket_id: int) -> None:
    """The lead department takes the ticket (T18)."""
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        ticket.move("sign", context.actor, context.now())
        session.execute(*_signed(ticket_id, context.now(), context.actor.user_id))
        rows.announce(session, context, ticket, "signed")


@built_once
def _signed(ticket_id: int, at: datetime, by_id: int | None) -> Update:
    signed = update(Assignment).where(queries.is_lead_of(ticket_id))
    signed = signed.values(signed_at=at, signed_by_id=by_id, auto_sign_at=None)
    return signed.execution_options(synchronize_session=False)


def sign_overdue(context: Context, limit: int = 100) -> int:
    """One sweep over tickets that nobody has signed in twice the time (B5.3). Returns how many it signed."""
    with context.reading() as session:
        ids = queries.unsigned(session, context.now(), limit)
    together = [ids[first : first + SIGNED_TOGETHER] for first in range(0, len(ids), SIGNED_TOGETHER)]
    return sum(_signed_by_themselves(context.acting_as(SYSTEM), some) for some in together)


def _signed_by_themselves(context: Context, ids: Sequence[int]) -> int:
    """How many were signed: not what somebody else has signed meanwhile, or has in hand just now."""
    with context.writing() as session:
        leads = queries.taken_to_sign(session, ids)
        signed = [lead for lead in leads if _signed_by_itself(session, context, lead)]
        rows.moved_together(session, [lead.ticket for lead in signed], State.HANDLING)
        these = update(Assignment).where(Assignment.id.in_([lead.id for lead in signed]))
        session.execute(these.values(_signature(context)).execution_options(synchronize_session=False))
        return len(signed)


def _signed_by_itself(session: Session, context: Context, assignment: Assignment) -> bool:
    """False while a return waits, and where nothing is to be signed any more. Else the ticket has moved; the
    assignment is still to be written."""
    ticket = assignment.ticket
    if ticket.state is State.RETURN_PENDING:
        return False
    if ticket.state is not State.DISPATCHED or not assignment.is_current:
        assignment.auto_sign_at = None
        return False
    ticket.move("sign", context.actor, context.now(), by_itself=True)
    rows.announce(session, context, ticket, "signed")
    return True


def _signature(context: Context) -> dict[str, datetime | int | None]:
    return {"signed_at": context.now(), "signed_by_id": context.actor.user_id, "auto_sign_at": None}


def _facts(
    session: Session,
    ticket: Ticket,
    limits: Profile,
    due: DueTimes,
    lead_id: int,
    assist_ids: Sequence[int],
) -> dict[str, Any]:
    """What the guards of a dispatch look at, and its line of history keeps."""
    lead = session.scalars(*_with_users(lead_id)).unique().one_or_none()
    suggestion, returns = queries.suggest_lead(session, ticket), queries.returns_of(session, ticket.id)
    rule = suggestion.rule if suggestion and suggestion.rule.lead_id == lead_id else None
    return {
        "lead_id": lead_id,
        "lead_name": lead.name_zh if lead else "",
        **({"responsible": lead.responsible} if lead and lead.responsible else {}),
        "lead_can_lead": lead is not None and lead.can_lead,
        "assist_ids": list(assist_ids),
        "designated_id": queries.designated_by(returns),
        "returned_by": queries.accepted_of(returns),
        "due_at": due.result_at,
        "catalogue_rule_id": rule.id if rule else None,
        "profile": limits.name,
        "calendar_known": due.calendar_known,
    }


@built_once
def _with_users(department_id: int) -> Select[Department]:
    """With no more of its people than tells whether it can lead."""
    users = joinedload(Department.users).load_only(User.roles, User.is_active)
    return select(Department).options(users).where(Department.id == department_id)


def _assign(
    session: Session,
    context: Context,
    ticket: Ticket,
    department_id: int,
    role: AssignmentRole,
    due: DueTimes,
    rule_id: int | None,
) -> None:
    now = context.now()
    due_at = due.result_at
    if role is AssignmentRole.ASSIST:
        due_at = max(due.result_at - ASSIST_EARLIER, now + ASSIST_EARLIER)
    session.add(
        Assignment(
            ticket_id=ticket.id,
            department_id=department_id,
            role=role,
            rule_id=rule_id,
            dispatched_at=now,
            sign_due_at=due.sign_at,
            auto_sign_at=due.auto_sign_at if role is AssignmentRole.LEAD else None,
            contact_due_at=due.contact_at,
            due_at=due_at,
        )
    )
