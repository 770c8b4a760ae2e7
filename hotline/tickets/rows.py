"""Getting a ticket for a change, and telling the event log of it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.dml import ReturningUpdate

from hotline import events
from hotline.built_once import built_once
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.tickets.models import DailySequence, Ticket
from hotline.tickets.numbers import query_code, ticket_number
from hotline.tickets.states import State

_LOCKED = "the transaction, and ids of the tickets that it has locked"


class NoSuchTicket(LookupError):
    """There is no ticket with this id or number."""


def get(session: Session, ticket_id: int) -> Ticket:
    """The ticket. Raises `NoSuchTicket`."""
    known: Ticket | None = session.identity_map.get(identity_key(Ticket, ticket_id))
    ticket = known or session.scalars(*_by_id(ticket_id)).one_or_none()
    if ticket is None:
        raise NoSuchTicket(f"no ticket {ticket_id}")
    return ticket


def locked(session: Session, ticket_id: int) -> Ticket:
    """The ticket, read anew, its row locked until the transaction ends. Raises `NoSuchTicket`.

    What is pending is written before, and a row that this transaction has locked is not read a second time:
    nobody else can have changed it.
    """
    transaction, held = session.info.get(_LOCKED, (None, set()))
    if transaction is not session.get_transaction() or session.in_nested_transaction():
        held = set()
    if ticket_id in held:
        return get(session, ticket_id)
    session.flush()
    ticket: Ticket | None = session.scalars(*_to_lock(ticket_id)).one_or_none()
    if ticket is None:
        raise NoSuchTicket(f"no ticket {ticket_id}")
    if not session.in_nested_transaction():  # a savepoint that is rolled back lets go of its locks
        session.info[_LOCKED] = session.get_transaction(), held | {ticket_id}
    return ticket


@built_once
def _by_id(ticket_id: int) -> Select[Ticket]:
    return select(Ticket).where(Ticket.id == ticket_id)


@built_once
def _to_lock(ticket_id: int) -> Select[Ticket]:
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    return query.execution_options(populate_existing=True)


def moved_together(session: Session, tickets: Sequence[Ticket], state: State) -> None:
    """Tickets that have all moved to this state, their rows locked, are written by one statement.

    The session would write each by itself, to see by its version that nobody else has changed it; of what
    this transaction has locked nobody can have.
    """
    if not tickets:
        return
    for ticket in tickets:
        written = {"state": state, "anonymised_at": None, "version": ticket.version + 1}
        for name, value in written.items():
            set_committed_value(ticket, name, value)
    with session.no_autoflush:
        these = update(Ticket).where(Ticket.id.in_([ticket.id for ticket in tickets]))
        moved = these.values(state=state, anonymised_at=None, version=Ticket.version + 1)
        session.execute(moved.execution_options(synchronize_session=False))


def announce(session: Session, context: Context, ticket: Ticket, kind: str) -> None:
    """Write `ticket.<kind>` into the event log."""
    if ticket.id is None:
        session.flush()
    facts = {"state": ticket.state, "number": ticket.number, "holder_id": ticket.holder_id}
    events.record(session, context.now(), f"ticket.{kind}", f"ticket:{ticket.id}", **facts)


def give_number(session: Session, context: Context, ticket: Ticket) -> None:
    """Number and query code. The day is the city's; the row of the day is locked by its UPDATE."""
    day = context.now().astimezone(context.settings.zone).date()
    with session.no_autoflush:  # what is written already goes out once, together with the number
        last = session.scalar(*_counted(day, ticket.channel))
        if last is None:
            insert_unless_there(session, DailySequence, day=day, channel=ticket.channel, last=0)
            last = session.scalars(*_counted(day, ticket.channel)).one()
    ticket.number = ticket_number(day, ticket.channel, last)
    ticket.query_code = query_code()


@built_once
def _counted(day: date, channel: str) -> ReturningUpdate[int]:
    step = update(DailySequence).where(DailySequence.day == day, DailySequence.channel == channel)
    counted = step.values(last=DailySequence.last + 1).returning(DailySequence.last)
    return counted.execution_options(synchronize_session=False)
