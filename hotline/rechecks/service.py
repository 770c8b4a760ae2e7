"""Setting a day on which a department looks again, telling it on that day, and what was found (复查).

The ticket goes its own way meanwhile: a day of another look moves no clock and changes no state.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dispatch.holding import held
from hotline.people.actors import SYSTEM, NotPermitted, Role
from hotline.rechecks import queries
from hotline.rechecks.models import Recheck
from hotline.rechecks.rules import LONGEST_TEXT, Obstacle, RecheckRefused, against_day
from hotline.tickets import privacy, rows
from hotline.tickets.models import Ticket


def set_day(context: Context, ticket_id: int, day: date | None, what: str) -> None:
    """The department's handler, while it handles the ticket, says when and what it looks at again.

    A day that is set already is moved. Raises `RecheckRefused`.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "set a day to look again", Role.HANDLER)
        _set(session, context, ticket, day, _text("what", what, Obstacle.NO_PURPOSE))


def record(
    context: Context, ticket_id: int, is_mended: bool, found: str, next_day: date | None = None
) -> None:
    """A handler of the department has looked, also after the ticket is closed, on the day or before.

    What is not put right has a next day. Raises `RecheckRefused`.
    """
    context.actor.must_have("record another look", Role.HANDLER)
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        if ticket.holder_id != context.actor.department_id or privacy.is_sealed_for(context.actor, ticket):
            raise NotPermitted(context.actor, "record another look")
        waiting = queries.open_recheck(session, ticket)
        if waiting is None:
            raise RecheckRefused("found", Obstacle.NOTHING_SET)
        said = _text("found", found, Obstacle.NO_FINDING)
        waiting.looked_at, waiting.looked_by_id, waiting.tell_at = context.now(), context.actor.user_id, None
        waiting.is_mended, waiting.found = is_mended, said
        ticket.note("rechecked", context.actor, context.now(), said, is_mended=is_mended)
        rows.announce(session, context, ticket, "rechecked")
        if not is_mended:
            _set(session, context, ticket, next_day, waiting.what, "next_day")


def tell_due(context: Context, limit: int = 50) -> int:
    """One sweep over days that have begun: the ticket's history and the department's list say so.

    A day that a former department set concerns nobody while another has the ticket.
    """
    with context.reading() as session:
        ids = queries.untold(session, context.now(), limit)
    return sum(_tell(context.acting_as(SYSTEM), recheck_id) for recheck_id in ids)


def _tell(context: Context, recheck_id: int) -> bool:
    with context.writing() as session:
        claim = update(Recheck).where(Recheck.id == recheck_id, Recheck.tell_at <= context.now())
        if session.execute(claim.values(tell_at=None)).rowcount == 0:  # type: ignore[attr-defined]
            return False  # it was moved, or is another worker's
        recheck = session.get_one(Recheck, recheck_id)
        if recheck.department_id != recheck.ticket.holder_id:
            return False  # should the ticket come back to this department, its list says so
        recheck.ticket.note("recheck_due", context.actor, context.now(), recheck_on=recheck.day.isoformat())
        rows.announce(session, context, recheck.ticket, "recheck_due")
        return True


def _set(
    session: Session, context: Context, ticket: Ticket, day: date | None, what: str, field: str = "day"
) -> None:
    zone = context.settings.zone
    if obstacle := against_day(day, context.now().astimezone(zone).date()):
        raise RecheckRefused(field, obstacle)
    assert day is not None  # noqa: S101 (the rule has seen it)
    begins = datetime.combine(day, time(), zone)
    recheck = queries.open_recheck(session, ticket) or Recheck(
        ticket_id=ticket.id, department_id=ticket.holder_id
    )
    recheck.set_at, recheck.set_by_id = context.now(), context.actor.user_id  # type: ignore[assignment]
    recheck.day, recheck.what = day, what
    recheck.tell_at, recheck.due_at = begins, datetime.combine(day + timedelta(days=1), time(), zone)
    session.add(recheck)
    ticket.note("recheck_set", context.actor, context.now(), what, recheck_on=day.isoformat())
    rows.announce(session, context, ticket, "recheck_set")


def _text(field: str, text: str, missing: Obstacle) -> str:
    said = text.strip()
    if not said:
        raise RecheckRefused(field, missing)
    if len(said) > LONGEST_TEXT or "\x00" in said:
        raise RecheckRefused(field, Obstacle.TOO_LONG)
    return said
