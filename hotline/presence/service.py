"""Coming to a ticket, staying there and leaving it. Each is told in the event log as `presence:<ticket>`."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hotline import events
from hotline.context import Context
from hotline.dispatch.models import Assignment
from hotline.people.actors import Actor
from hotline.presence import queries
from hotline.presence.models import Presence
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

RENEWED_EVERY = timedelta(seconds=15)
HOLDS = 3 * RENEWED_EVERY  # two renewals may be lost on the way


def enter(context: Context, ticket_id: int) -> int | None:
    """A page of the actor's shows the ticket. Returns the presence's id.

    None, and nothing is kept, if they may not read the ticket or it is sealed: nobody is told who opens that.
    Who has it open on another page already has been there since then.
    """
    with context.writing() as session:
        user_id, now = context.actor.user_id, context.now()
        if user_id is None or not _may_be_seen(session, context.actor, ticket_id):
            return None
        earlier = queries.since_of(session, ticket_id, user_id, now)
        here = Presence(ticket_id=ticket_id, user_id=user_id, since=earlier or now, until_at=now + HOLDS)
        session.add(here)
        session.flush()
        if earlier is None:
            _tell(session, context, ticket_id)
        return here.id


def renew(context: Context, presence_id: int) -> bool:
    """The page is still open. False if it was held for gone meanwhile."""
    later = update(Presence).where(Presence.id == presence_id).values(until_at=context.now() + HOLDS)
    with context.writing() as session:
        return bool(session.execute(later).rowcount)  # type: ignore[attr-defined]


def leave(context: Context, presence_id: int) -> None:
    """The page is closed."""
    with context.writing() as session:
        _forget(session, context, presence_id)


def forget_gone(context: Context, limit: int = 100) -> int:
    """One sweep over pages that were not heard of again. Returns how many."""
    with context.reading() as session:
        ids = queries.gone(session, context.now(), limit)
    if not ids:
        return 0
    with context.writing() as session:
        return sum(_forget(session, context, one, late=True) for one in ids)


def _forget(session: Session, context: Context, presence_id: int, late: bool = False) -> bool:
    """Told unless another page of the same person still shows the ticket. False if somebody else was faster,
    or, of one that is `late`, if it has said so again."""
    now = context.now()
    there = delete(Presence).where(Presence.id == presence_id)
    if late:
        there = there.where(Presence.until_at <= now)
    row = session.execute(there.returning(Presence.ticket_id, Presence.user_id)).first()
    if row is None:
        return False
    if queries.since_of(session, row.ticket_id, row.user_id, now) is None:
        _tell(session, context, row.ticket_id)
    return True


def _may_be_seen(session: Session, actor: Actor, ticket_id: int) -> bool:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None or ticket.confidentiality is Confidentiality.SEALED:
        return False
    assigned = select(Assignment.department_id).where(Assignment.ticket_id == ticket_id)
    return privacy.may_read(actor, ticket, session.scalars(assigned).all())


def _tell(session: Session, context: Context, ticket_id: int) -> None:
    events.record(session, context.now(), "presence.changed", f"presence:{ticket_id}")
