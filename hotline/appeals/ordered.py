"""A leader or an auditor takes a closed ticket up again (T34, B7): at any time, and nobody has to ask."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.appeals import rules
from hotline.appeals.queries import appeals_of
from hotline.appeals.reopening import take_up
from hotline.context import Context
from hotline.dispatch.models import Assignment
from hotline.people.actors import Actor, Role
from hotline.screening.opening import kept_text, opened
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

ORDERERS = (Role.LEADER, Role.AUDITOR)
LONGEST_REASON = 2000


class OrderObstacle(StrEnum):
    """Why the ticket stays closed."""

    REFERRED = "referred"
    OWN_DEED = "own_deed"
    OWN_DEPARTMENT = "own_department"
    NO_REASON = "no_reason"


class OrderRefused(Exception):
    """The ticket stays closed; `obstacle` says why."""

    def __init__(self, obstacle: OrderObstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle
        self.field = "order_reason" if obstacle is OrderObstacle.NO_REASON else ""


def against_order(session: Session, actor: Actor, ticket: Ticket) -> OrderObstacle | None:
    """What stands against it for this person: who had a hand in the ticket does not judge how it ended."""
    if ticket.screening_class in rules.ELSEWHERE:
        return OrderObstacle.REFERRED
    lines = [line for line in ticket.history if line.actor_id == actor.user_id]
    moved = any(line.from_state is not line.to_state and line.event not in rules.REOPENED for line in lines)
    asked = appeals_of(session, ticket.id)
    if moved or any(actor.user_id in (one.asked_by_id, one.checked_by_id) for one in asked):
        return OrderObstacle.OWN_DEED
    handled = select(Assignment.id).where(
        Assignment.ticket_id == ticket.id, Assignment.department_id == actor.department_id
    )
    return OrderObstacle.OWN_DEPARTMENT if session.scalar(handled.limit(1)) else None


def reopen_on_order(context: Context, ticket_id: int, reason: str) -> None:
    """To dispatch, with its number and a new clock; what its citizen asks for meanwhile is granted with it.

    There is no limit of days. Raises `OrderRefused`; `GuardFailed` for an anonymised ticket, `IllegalMove`
    for one that is not closed (the archive is the director's: `exceptional`), `NotPermitted` to other roles,
    and where it is sealed.
    """
    deed = "take a closed ticket up again"
    context.actor.must_have(deed, *ORDERERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, deed)
        why = kept_text("order_reason", reason, LONGEST_REASON)
        if ticket.state is State.CLOSED:  # of another state the table says what is wrong
            _refuse(against_order(session, context.actor, ticket))
            _refuse(None if why else OrderObstacle.NO_REASON)
        take_up(session, context, ticket, "reopen", why, by_order=True)


def _refuse(obstacle: OrderObstacle | None) -> None:
    if obstacle is not None:
        raise OrderRefused(obstacle)
