"""Reads of owed callbacks."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hotline.callbacks.models import CallbackAttempt
from hotline.calls.models import Call, CallbackState, CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.rules import OutgoingRefused, OutgoingRules, Purpose, Reason
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

WORKING = (SeatState.READY, SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP)


def open_callbacks(session: Session, limit: int = 200) -> Sequence[OwedCallback]:
    """Everything that is owed, in the order of the line."""
    query = select(OwedCallback).options(joinedload(OwedCallback.call)).where(OwedCallback.done_at.is_(None))
    return session.scalars(query.order_by(OwedCallback.joined_at, OwedCallback.id).limit(limit)).all()


def by_id(session: Session, owed_id: int) -> OwedCallback | None:
    """The callback, or None."""
    return session.get(OwedCallback, owed_id)


def is_owed(session: Session, numbers: Sequence[str | None]) -> bool:
    """Whether the hotline owes one of these numbers a callback."""
    query = select(OwedCallback.id).where(OwedCallback.done_at.is_(None))
    return session.scalar(query.where(OwedCallback.number.in_([*filter(None, numbers)])).limit(1)) is not None


def due(session: Session, now: datetime, limit: int) -> Sequence[OwedCallback]:
    """Callbacks whose turn may come now, in the order of the line. Those who are on the line with us just
    now are left alone."""
    on_the_line = select(Contact.number).join(Call, Call.contact_id == Contact.id)
    on_the_line = on_the_line.where(Call.state != CallState.ENDED, ~Call.outgoing)
    query = select(OwedCallback).where(
        OwedCallback.state == CallbackState.WAITING,
        OwedCallback.due_at <= now,
        OwedCallback.number.not_in(on_the_line),
    )
    return session.scalars(query.order_by(OwedCallback.joined_at, OwedCallback.id).limit(limit)).all()


def room(session: Session) -> int:
    """How many callbacks may stand in the line at once: one an agent who is here, less those that do.

    Agents on a break count: the callback must stand in the line before they come back, or whoever called
    later would ring first.
    """
    on_a_break = and_(Seat.state == SeatState.PAUSED, Seat.registered)
    working = select(func.count()).select_from(Seat).where(or_(Seat.state.in_(WORKING), on_a_break))
    standing = (
        select(func.count()).select_from(OwedCallback).where(OwedCallback.state == CallbackState.CALLING)
    )
    return max(0, (session.scalar(working) or 0) - (session.scalar(standing) or 0))


def has_telephone(session: Session, extension: str) -> bool:
    """Whether any telephone of the seat is registered."""
    return bool(session.scalar(select(Seat.registered).where(Seat.extension == extension)))


def attempts_of(session: Session, owed_id: int) -> Sequence[CallbackAttempt]:
    """The tries of a callback, oldest first."""
    query = select(CallbackAttempt).where(CallbackAttempt.owed_callback_id == owed_id)
    return session.scalars(query.order_by(CallbackAttempt.id)).all()


def open_try(session: Session, owed_id: int) -> Call | None:
    """The telephone call of the try that goes on; None if none does."""
    goes_on = (CallbackAttempt.owed_callback_id == owed_id, CallbackAttempt.outcome.is_(None))
    query = select(Call).join(CallbackAttempt, CallbackAttempt.call_id == Call.id).where(*goes_on)
    return session.scalars(query.order_by(Call.id.desc())).first()


def overtaken(session: Session) -> Sequence[Row[int, str, bool]]:
    """Callbacks in their turn whose citizen is on the line by themselves, or has talked with us since: the
    callback, its call's linkedid, whether they have talked."""
    talked = and_(Call.end == CallEnd.TALKED, Call.ended_at >= CallbackAttempt.started_at)
    own = (
        select(Call.id)
        .join(Contact, Call.contact_id == Contact.id)
        .where(Contact.number == OwedCallback.number, ~Call.outgoing)
        .correlate(OwedCallback, CallbackAttempt)
    )
    is_on_the_line = own.where(Call.state != CallState.ENDED).exists()
    has_talked = own.where(talked).exists()
    theirs = aliased(Call)
    query = (
        select(OwedCallback.id, theirs.linkedid, has_talked)
        .join(CallbackAttempt, CallbackAttempt.owed_callback_id == OwedCallback.id)
        .join(theirs, theirs.id == CallbackAttempt.call_id)
        .where(CallbackAttempt.outcome.is_(None), CallbackAttempt.by_id.is_(None))
        .where(theirs.answered_at.is_(None), or_(is_on_the_line, has_talked))
    )
    return session.execute(query).all()


def dialling(session: Session) -> set[int]:
    """Ids of those for which an agent has answered: their citizen is being dialled, or talks."""
    query = select(CallbackAttempt.owed_callback_id).join(Call, Call.id == CallbackAttempt.call_id)
    return set(session.scalars(query.where(CallbackAttempt.outcome.is_(None), Call.answered_at.is_not(None))))


def tries_by_callback(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """How often each of these was tried."""
    query = select(CallbackAttempt.owed_callback_id, func.count()).group_by(CallbackAttempt.owed_callback_id)
    return {row[0]: row[1] for row in session.execute(query.where(CallbackAttempt.owed_callback_id.in_(ids)))}


def drafts_with_message(session: Session, limit: int = 100) -> Sequence[tuple[Call, Ticket]]:
    """Messages that nobody has registered yet, with the draft that each has become, oldest first."""
    return [(call, ticket) for call, ticket in session.execute(_with_message().limit(limit))]


def message_of(session: Session, ticket_id: int) -> Call | None:
    """The call whose message has become this draft, of several the first; None for any other ticket."""
    return session.scalars(_with_message().where(Ticket.id == ticket_id)).first()


def _with_message() -> Select[Call, Ticket]:
    return (
        select(Call, Ticket)
        .join(Ticket, Ticket.contact_id == Call.contact_id)
        .options(joinedload(Call.contact))
        .where(Call.message_left_at.is_not(None), Ticket.state == State.DRAFT)
        .order_by(Call.message_left_at, Call.id)
    )


def refusals(context: Context, owed: Sequence[OwedCallback]) -> dict[int, Reason]:
    """Why the rules for calls out forbid the hotline to call some of these back, by id."""
    rules = OutgoingRules(context.settings.outgoing_patterns)
    found: dict[int, Reason] = {}
    for row in owed:
        try:
            rules.check(row.number, Purpose.CALLBACK, (Role.SYSTEM,), time())
        except OutgoingRefused as refused:
            found[row.id] = refused.reason
    return found
