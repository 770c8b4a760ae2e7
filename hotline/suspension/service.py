"""Putting a matter on record that cannot be solved now, and taking it up again (rulebook B5.8, T25, T26)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.deadlines.rules import OFFICE_HOURS
from hotline.dispatch.assignments import move_due
from hotline.dispatch.holding import handled, held
from hotline.people.actors import SYSTEM, Role
from hotline.replies.queries import citizen_told
from hotline.suspension import queries
from hotline.suspension.models import Suspension, SuspensionState
from hotline.suspension.rules import Obstacle, against_review
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

OPENING = OFFICE_HOURS[0][0]  # of offices on the day of review: the ticket is taken up again then


class SuspensionRefused(Exception):
    """A suspension is not asked for or not decided; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True)
class SuspensionForm:
    """What the reviewing leader of a department writes: why not now, what is planned, the day of review."""

    reason: str
    plan: str
    review_on: date


def ask_suspension(context: Context, ticket_id: int, form: SuspensionForm) -> None:
    """The department's reviewing leader asks to put the matter on record. The clock goes on meanwhile.

    Raises `SuspensionRefused` without reason or plan, for a day of review that is past or more than ninety
    days away, and while a request waits.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "ask for a suspension", Role.UNIT_REVIEWER)
        _refuse(Obstacle.WAITING if queries.asked_suspension(session, ticket) else None)
        _refuse(None if form.reason.strip() else Obstacle.NO_REASON)
        _refuse(None if form.plan.strip() else Obstacle.NO_PLAN)
        _refuse(against_review(form.review_on, _today(context)))
        review_at = datetime.combine(form.review_on, OPENING, context.settings.zone)
        session.add(
            Suspension(
                ticket_id=ticket.id,
                department_id=ticket.holder_id,
                asked_at=context.now(),
                asked_by_id=context.actor.user_id,
                reason=form.reason.strip(),
                plan=form.plan.strip(),
                review_at=review_at,
            )
        )
        facts = {"plan": form.plan.strip(), "review_at": review_at}
        ticket.note("suspension_asked", context.actor, context.now(), form.reason.strip(), **facts)
        rows.announce(session, context, ticket, "suspension_asked")


def approve_suspension(context: Context, ticket_id: int, reason: str = "") -> None:
    """The hotline's supervisor suspends the ticket (T25): its clock stands still until it is taken up again.

    Raises `SuspensionRefused` while the citizen has not been told why, to the department itself, and when
    the day of review has passed meanwhile.
    """
    with context.writing() as session:
        ticket, request = _to_decide(session, context, ticket_id, "approve a suspension")
        _refuse(None if citizen_told(session, ticket) else Obstacle.NOT_TOLD)
        _refuse(against_review(request.review_at.astimezone(context.settings.zone).date(), _today(context)))
        facts = {"plan": request.plan, "review_at": request.review_at}
        ticket.move("suspend", context.actor, context.now(), reason.strip(), **facts)
        _decide(context, request, SuspensionState.SUSPENDED, reason)
        request.due_at, request.due_before = request.review_at, ticket.due_at
        rows.announce(session, context, ticket, "suspended")


def refuse_suspension(context: Context, ticket_id: int, reason: str) -> None:
    """The department goes on; the reason is told."""
    with context.writing() as session:
        ticket, request = _to_decide(session, context, ticket_id, "refuse a suspension")
        _refuse(None if reason.strip() else Obstacle.NO_REASON)
        _decide(context, request, SuspensionState.REFUSED, reason)
        ticket.note("suspension_refused", context.actor, context.now(), reason.strip())
        rows.announce(session, context, ticket, "suspension_refused")


def resume(context: Context, ticket_id: int, reason: str = "") -> datetime | None:
    """The department takes the matter up again (T26). Returns when it is due now.

    What was left of its limit when it was suspended is left still, to the end of a day.
    """
    with context.writing() as session:
        return _resume(session, context, ticket_id, reason)


def resume_due(context: Context, limit: int = 100) -> int:
    """One sweep over suspensions whose day of review has come. Returns how many were taken up again."""
    with context.reading() as session:
        ids = queries.to_review(session, context.now(), limit)
    return sum(_taken_up(context.acting_as(SYSTEM), ticket_id) for ticket_id in ids)


def _taken_up(context: Context, ticket_id: int) -> bool:
    """False if the department, or another worker, was faster."""
    try:
        resume(context, ticket_id)
    except IllegalMove:
        return False
    return True


def _resume(session: Session, context: Context, ticket_id: int, reason: str) -> datetime | None:
    ticket = rows.locked(session, ticket_id)
    running = queries.running_suspension(session, ticket) if ticket.state is State.SUSPENDED else None
    if running is None:
        raise IllegalMove(ticket.state, "resume", context.actor)
    due_at = ticket.due_at
    if running.due_before and running.decided_at:
        due_at = reckoner(context).after_pause(
            running.due_before, running.decided_at, context.now(), ticket.urgency
        )
    ticket.move("resume", context.actor, context.now(), reason.strip(), due_at=due_at)
    if due_at is not None:
        move_due(session, ticket, due_at)
    running.state, running.due_at, running.ended_at = SuspensionState.ENDED, None, context.now()
    rows.announce(session, context, ticket, "resumed")
    return due_at


def _to_decide(session: Session, context: Context, ticket_id: int, deed: str) -> tuple[Ticket, Suspension]:
    context.actor.must_have(deed, Role.SUPERVISOR)
    ticket = handled(session, context, ticket_id, deed)
    request = queries.asked_suspension(session, ticket)
    if request is None:
        raise SuspensionRefused(Obstacle.NOTHING_WAITS)
    own = context.actor.user_id == request.asked_by_id or context.actor.department_id == request.department_id
    _refuse(Obstacle.OWN_REQUEST if own else None)
    return ticket, request


def _decide(context: Context, request: Suspension, state: SuspensionState, reason: str) -> None:
    request.state, request.decision = state, reason.strip()
    request.decided_at, request.decided_by_id = context.now(), context.actor.user_id


def _today(context: Context) -> date:
    return context.now().astimezone(context.settings.zone).date()


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise SuspensionRefused(obstacle)
