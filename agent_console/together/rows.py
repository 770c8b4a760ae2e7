"""What a deed would do to each chosen ticket, and what it did."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from agent_console.house import acting_context
from agent_console.refusals import REFUSALS, explain
from agent_console.together.deeds import CannotBeTogether, Deed, Plan
from agent_console.words import _
from hotline.dispatch.models import Assignment
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.queries import by_number
from hotline.tickets.states import Confidentiality

MOST = 50


@dataclass(frozen=True)
class Row:
    """A chosen ticket: its plan, or the obstacle in words. No ticket: there is none that they may read."""

    number: str
    ticket: Ticket | None = None
    plan: Plan | None = None
    obstacle: str = ""


def foreseen(session: Session, deed: Deed, numbers: Iterable[str]) -> list[Row]:
    """What would become of each, in the order in which they were chosen."""
    return [_row(session, deed, number) for number in dict.fromkeys(numbers)]


def by_unit(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """How many go to which department, most first."""
    return Counter(row.plan.unit for row in rows if row.plan).most_common()


def done(deed: Deed, shown: Iterable[tuple[str, str]], words: str = "") -> list[Row]:
    """Do it to each ticket that is still as its seal says, in a transaction of its own, with these words."""
    return [_done(deed, number, seal, words) for number, seal in shown]


def _done(deed: Deed, number: str, seal: str, words: str) -> Row:
    with acting_context().reading() as session:
        row = _row(session, deed, number)
    if row.plan is None:
        return row
    if row.plan.seal != seal:
        return Row(number, row.ticket, obstacle=_("在您查看以后有了变动，没有处理。"))
    try:
        row.plan.do(words)
    except StaleDataError:
        return Row(number, row.ticket, obstacle=_("在您查看以后有了变动，没有处理。"))
    except REFUSALS as refusal:
        return Row(number, row.ticket, obstacle=explain(refusal))
    return row


def _row(session: Session, deed: Deed, number: str) -> Row:
    ticket = by_number(session, number)
    if ticket is None or not _is_open_to_me(session, ticket):
        return Row(number, obstacle=_("没有这件工单，或您不能打开它。"))
    try:
        return Row(number, ticket, deed.plan(session, ticket))
    except CannotBeTogether as reason:
        return Row(number, ticket, obstacle=str(reason))
    except REFUSALS as refusal:
        return Row(number, ticket, obstacle=explain(refusal))


def _is_open_to_me(session: Session, ticket: Ticket) -> bool:
    assigned = select(Assignment.department_id).where(Assignment.ticket_id == ticket.id)
    may_read = privacy.may_read(current_user.actor, ticket, session.scalars(assigned).all())
    return may_read and ticket.confidentiality is not Confidentiality.SEALED
