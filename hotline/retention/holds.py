"""Legal holds: who may place and lift them, and what they keep."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once
from hotline.calls.models import Call
from hotline.context import Context
from hotline.people.actors import Role
from hotline.retention.models import LegalHold
from hotline.tickets import rows
from hotline.tickets.models import Ticket

ROLES = (Role.SUPERVISOR, Role.DIRECTOR, Role.DISCIPLINE, Role.AUDITOR)
LONGEST_REASON = 200


class HoldRefused(ValueError):
    """A hold needs a reason, and something to hold that is there."""


def hold_ticket(context: Context, ticket_id: int, reason: str) -> int:
    """Keep everything of the ticket's calls, those to come included. Returns the hold's id.

    Raises `NotPermitted`, `HoldRefused`, `NoSuchTicket`.
    """
    words = _allowed(context, reason)
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        hold = _hold(context, words, ticket_id=ticket.id)
        session.add(hold)
        session.flush()
        ticket.note("held", context.actor, context.now(), words)
        rows.announce(session, context, ticket, "held")
        return hold.id


def hold_call(context: Context, call_id: int, reason: str) -> int:
    """Keep everything of one call. Raises `NotPermitted`, `HoldRefused`."""
    words = _allowed(context, reason)
    with context.writing() as session:
        if session.get(Call, call_id) is None:
            raise HoldRefused("there is no such call")
        hold = _hold(context, words, call_id=call_id)
        session.add(hold)
        session.flush()
        return hold.id


def lift(context: Context, hold_id: int, reason: str) -> None:
    """From now on the periods hold again. Raises `NotPermitted`, `HoldRefused`."""
    words = _allowed(context, reason)
    with context.writing() as session:
        hold = session.get(LegalHold, hold_id)
        if hold is None or hold.lifted_at is not None:
            raise HoldRefused("there is no such hold, or it is lifted")
        hold.lifted_at, hold.lift_reason = context.now(), words
        hold.lifted_by_id, hold.lifted_by = context.actor.user_id, context.actor.name
        if hold.ticket is not None:
            hold.ticket.note("hold_lifted", context.actor, context.now(), words)
            rows.announce(session, context, hold.ticket, "hold_lifted")


@asked_once
def holds_of_ticket(session: Session, ticket: Ticket) -> Sequence[LegalHold]:
    """Holds that keep the ticket's calls now, oldest first."""
    calls = select(Call.id).where(Call.contact_id == ticket.contact_id)
    kept = or_(LegalHold.ticket_id == ticket.id, LegalHold.call_id.in_(calls))
    open_ones = select(LegalHold).where(LegalHold.lifted_at.is_(None), kept)
    return session.scalars(open_ones.order_by(LegalHold.id)).all()


def is_held() -> ColumnElement[bool]:
    """Whether somebody holds the call, for a query over `Call`."""
    tickets = select(Ticket.id).where(Ticket.contact_id == Call.contact_id)
    kept = or_(LegalHold.call_id == Call.id, LegalHold.ticket_id.in_(tickets))
    return select(LegalHold.id).where(LegalHold.lifted_at.is_(None), kept).exists()


def _allowed(context: Context, reason: str) -> str:
    context.actor.must_have("hold or release recordings", *ROLES)
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise HoldRefused("a hold needs a reason")
    return words


def _hold(context: Context, reason: str, **what: int) -> LegalHold:
    actor = context.actor
    return LegalHold(
        reason=reason, placed_at=context.now(), placed_by_id=actor.user_id, placed_by=actor.name, **what
    )
