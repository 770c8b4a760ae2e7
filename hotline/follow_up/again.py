"""Putting a follow-up that waits for later, or for a person, back among those that are dialled by themselves.

After a disturbance of the line every follow-up of that hour waits for the next half-day, and a number that
the rules for calls out did not allow waits for a person even after the rules were changed.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from hotline.calls.rules import Purpose
from hotline.context import Context
from hotline.follow_up import closing
from hotline.follow_up.models import FollowUp, FollowUpState
from hotline.follow_up.rules import half_day, within_hours
from hotline.follow_up.service import NotDue
from hotline.line_security.service import allowed
from hotline.people.actors import SYSTEM, Role
from hotline.tickets import rows


class Obstacle(StrEnum):
    """Why it stays as it is."""

    CALLING = "calling"
    NEEDS_FINDING = "needs_finding"
    IN_ROW = "in_row"
    NO_NUMBER = "no_number"
    TRIED = "tried"


class AgainRefused(Exception):
    """The follow-up is not dialled any sooner; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


_STATES = {FollowUpState.CALLING: Obstacle.CALLING, FollowUpState.NEEDS_FINDING: Obstacle.NEEDS_FINDING}


def foresee_again(context: Context, follow_up: FollowUp) -> datetime:
    """When it would be dialled: now, or as soon as citizens may be called. Changes nothing.

    Raises `AgainRefused`, also where the citizen was rung in that half-day already (B7: three tries, each in
    another); `OutgoingRefused` where the rules do not allow the number; and `NotDue` where it is done.
    """
    context.actor.must_have("ask again", Role.CALLBACK_AGENT)
    if obstacle := _STATES.get(follow_up.state):
        raise AgainRefused(obstacle)
    if follow_up.state is not FollowUpState.DUE:
        raise NotDue(f"follow-up {follow_up.id}")
    number = follow_up.ticket.complainant_phone
    if not number:
        raise AgainRefused(Obstacle.NO_NUMBER)
    at = within_hours(context, context.now())
    if follow_up.due_at is not None and follow_up.due_at <= at:
        raise AgainRefused(Obstacle.IN_ROW)
    if any(half_day(context, rung_at) == half_day(context, at) for rung_at in closing.rung_at(follow_up)):
        raise AgainRefused(Obstacle.TRIED)
    allowed(context.acting_as(SYSTEM), number, Purpose.FOLLOW_UP)
    return at


def ask_again(context: Context, follow_up_id: int) -> datetime:
    """Callback staff put it back; the sweep dials it. Returns when it is due. Raises as `foresee_again`."""
    with context.writing() as session:
        follow_up = _locked(session, follow_up_id)
        at = foresee_again(context, follow_up)
        follow_up.due_at = at
        follow_up.ticket.note("follow_up_again", context.actor, context.now(), callback_at=at)
        rows.announce(session, context, follow_up.ticket, "follow_up_rescheduled")
        return at


def _locked(session: Session, follow_up_id: int) -> FollowUp:
    return session.get_one(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
