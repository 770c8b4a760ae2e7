"""催单: a citizen asks why nothing has come of it. Each is a line of the history, and three are told."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.follow_up.together import judged
from hotline.people.actors import SYSTEM, Actor
from hotline.tickets import rows
from hotline.tickets.models import HistoryLine, Ticket

REMINDED = "reminded"
OFTEN_REMINDED = "reminded_often"
SUPPLEMENTED = "supplemented"
"""What else a citizen tells of the matter (`deeds.supplement`); it counts beside the reminders."""
OFTEN = 3
"""At the third the rulebook (B8) has the urgency looked at again, by a supervisor."""


def keep_reminder(
    session: Session, context: Context, ticket: Ticket, actor: Actor, reason: str = "", **changes: Any
) -> int:
    """Note it, also on the master of a merged ticket, where somebody works. Returns how many there are."""
    count = _note(session, context, ticket, actor, reason, **changes)
    if (master := judged(ticket)) is not ticket:
        _note(session, context, master, actor, other_number=ticket.number)
    return count


def count_of(ticket: Ticket) -> int:
    """How often somebody has reminded us of it."""
    return sum(line.event == REMINDED for line in ticket.history)


def reminders(ticket_id: int) -> Select[int]:
    """The question for what `count_of` says, of a ticket whose history nobody has read."""
    return select(func.count()).where(HistoryLine.ticket_id == ticket_id, HistoryLine.event == REMINDED)


def _note(
    session: Session, context: Context, ticket: Ticket, actor: Actor, reason: str = "", **changes: Any
) -> int:
    ticket.note("reminded", actor, context.now(), reason, **changes)
    count = count_of(ticket)
    if count == OFTEN:
        ticket.note("reminded_often", SYSTEM, context.now())
    rows.announce(session, context, ticket, OFTEN_REMINDED if count == OFTEN else REMINDED)
    return count
