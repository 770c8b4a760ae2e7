"""What an instruction does to a limit whose clock stands still as it is given (rulebook B3)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.profiles import days
from hotline.deadlines.queries import reckoner
from hotline.deadlines.rules import INSTRUCTION_DAYS
from hotline.questions.models import UnitQuestion
from hotline.questions.queries import open_question
from hotline.suspension.models import Suspension
from hotline.suspension.queries import running_suspension
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


def shorten_pause(session: Session, context: Context, ticket: Ticket, wanted_by: datetime) -> int | None:
    """While the ticket is suspended, or waits for its citizen: as many days are left when it is taken up
    again as the leader leaves now, three at most.

    `wanted_by` is 24:00 of the leader's day. Returns the days where there are fewer than there were.
    """
    pause, paused_at = _pause(session, ticket)
    if pause is None or paused_at is None or pause.due_before is None:
        return None
    zone = context.settings.zone
    last_day = (wanted_by - timedelta(microseconds=1)).astimezone(zone).date()
    left = min(max((last_day - context.now().astimezone(zone).date()).days, 1), INSTRUCTION_DAYS)
    shortened = reckoner(context).due(paused_at, days(left))
    if shortened >= pause.due_before:
        return None
    pause.due_before = shortened
    return left


def _pause(session: Session, ticket: Ticket) -> tuple[Suspension | UnitQuestion | None, datetime | None]:
    """What the clock stands still for, and since when."""
    if ticket.state is State.SUSPENDED and (suspended := running_suspension(session, ticket)):
        return suspended, suspended.decided_at
    if ticket.state is State.NEED_INFO_UNIT and (question := open_question(session, ticket.id)):
        return question, question.asked_at
    return None, None
