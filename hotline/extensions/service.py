"""Asking for more time, and deciding on it (rulebook B5.5)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.profiles import Limit
from hotline.deadlines.queries import reckoner
from hotline.dispatch.assignments import limits_of, move_due
from hotline.dispatch.holding import handled, held
from hotline.extensions import queries, rules
from hotline.extensions.models import ExtensionGround, ExtensionRequest, ExtensionState
from hotline.extensions.rules import Obstacle
from hotline.people.actors import Role
from hotline.replies.queries import citizen_told
from hotline.tickets import rows
from hotline.tickets.models import Ticket


class ExtensionRefused(Exception):
    """An extension is not asked for or not decided; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


@dataclass(frozen=True)
class ExtensionForm:
    """What the reviewing leader of a department writes. `plan`: what will be done until then."""

    ground: ExtensionGround
    days: int
    plan: str


@dataclass(frozen=True)
class Chance:
    """What a department may still ask for: so many units at most, or what is against it."""

    most: Limit
    obstacle: Obstacle | None
    citizen_told: bool


def chance_of(session: Session, context: Context, ticket: Ticket) -> Chance:
    """For the page of a ticket that its department handles."""
    granted = queries.granted(session, ticket)
    longest = limits_of(session, context, ticket).longest_extension
    most = Limit(max(longest.amount - granted.days, 0), longest.unit)
    obstacle = _against_asking(context, ticket, granted)
    if obstacle is None and most.amount == 0:
        obstacle = Obstacle.TOO_LONG
    return Chance(most, obstacle, citizen_told(session, ticket))


def ask_extension(context: Context, ticket_id: int, form: ExtensionForm) -> datetime:
    """The department's reviewing leader asks for more time. Returns when it would be due then.

    Nothing is moved yet. Raises `ExtensionRefused`: for a flash ticket, after the due time, while a request
    waits, after two extensions, beyond the profile's days in all, without a plan.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "ask for an extension", Role.UNIT_REVIEWER)
        granted = queries.granted(session, ticket)
        longest = limits_of(session, context, ticket).longest_extension
        _refuse(_against_asking(context, ticket, granted))
        _refuse(rules.against_days(form.days, granted, longest.amount))
        _refuse(None if form.plan.strip() else Obstacle.NO_PLAN)
        assert ticket.due_at is not None  # noqa: S101 (or it would be overdue)
        due_after = reckoner(context).extended(ticket.due_at, Limit(form.days, longest.unit))
        request = ExtensionRequest(
            ticket_id=ticket.id,
            department_id=ticket.holder_id,
            asked_at=context.now(),
            asked_by_id=context.actor.user_id,
            ground=form.ground,
            days=form.days,
            plan=form.plan.strip(),
            due_before=ticket.due_at,
            due_after=due_after,
        )
        session.add(request)
        facts = {"extension_ground": form.ground, "days": form.days, "due_after": due_after}
        ticket.note("extension_asked", context.actor, context.now(), form.plan.strip(), **facts)
        rows.announce(session, context, ticket, "extension_asked")
        return due_after


def approve_extension(context: Context, ticket_id: int, reason: str = "") -> datetime:
    """The hotline gives more time: the due times of the ticket and its departments move. Returns the new one.

    Raises `ExtensionRefused` while the citizen has not been told, and to the department itself;
    `NotPermitted` to those who do not decide on this one (the second is the director's, that of a ticket with
    an open instruction the instructing side's).
    """
    with context.writing() as session:
        ticket, request = _to_decide(session, context, ticket_id, "approve an extension")
        _refuse(None if citizen_told(session, ticket) else Obstacle.NOT_TOLD)
        _decide(context, request, ExtensionState.APPROVED, reason)
        # Anew, for the clock may have stood still since.
        request.due_before = ticket.due_at or request.due_before
        longest = limits_of(session, context, ticket).longest_extension
        request.due_after = reckoner(context).extended(request.due_before, Limit(request.days, longest.unit))
        move_due(session, ticket, request.due_after)
        facts = {"days": request.days, "due_before": request.due_before, "due_at": request.due_after}
        ticket.note("extension_approved", context.actor, context.now(), reason.strip(), **facts)
        rows.announce(session, context, ticket, "extension_approved")
        return request.due_after


def refuse_extension(context: Context, ticket_id: int, reason: str) -> None:
    """The due time stays; the reason is told. Raises as `approve_extension`, and without a reason."""
    with context.writing() as session:
        ticket, request = _to_decide(session, context, ticket_id, "refuse an extension")
        _refuse(None if reason.strip() else Obstacle.NO_REASON)
        _decide(context, request, ExtensionState.REFUSED, reason)
        ticket.note("extension_refused", context.actor, context.now(), reason.strip(), days=request.days)
        rows.announce(session, context, ticket, "extension_refused")


def _to_decide(
    session: Session, context: Context, ticket_id: int, deed: str
) -> tuple[Ticket, ExtensionRequest]:
    """The row of the ticket is locked, so that of two decisions the second finds nothing that waits."""
    context.actor.must_have(deed, *rules.JUDGES)
    ticket = handled(session, context, ticket_id, deed)
    request = queries.open_extension(session, ticket)
    if request is None:
        raise ExtensionRefused(Obstacle.NOTHING_WAITS)
    context.actor.must_have(deed, *rules.judges(queries.granted(session, ticket), ticket.kept_open_by))
    _refuse(rules.against_deciding(context.actor, request.asked_by_id, request.department_id))
    return ticket, request


def _decide(context: Context, request: ExtensionRequest, state: ExtensionState, reason: str) -> None:
    request.state, request.decision = state, reason.strip()
    request.decided_at, request.decided_by_id = context.now(), context.actor.user_id


def _against_asking(context: Context, ticket: Ticket, granted: rules.Granted) -> Obstacle | None:
    due_at = ticket.due_at or context.now()
    return rules.against_asking(ticket.urgency, due_at, context.now(), granted)


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise ExtensionRefused(obstacle)
