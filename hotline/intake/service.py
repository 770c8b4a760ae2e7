"""Taking in what people bring, write, or hand down: contact, ticket and number in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.contacts.channels import ChannelFacts, channels
from hotline.contacts.models import Arrival, Contact
from hotline.context import Context
from hotline.intake.rules import IntakeRefused, Obstacle, check_received
from hotline.people.actors import NotPermitted, Role
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, submit, write_into
from hotline.tickets.states import Confidentiality

LONGEST_NUMBER = 80
LONGEST_REASON = 200
_LONGEST_KEY = 40


@dataclass(frozen=True)
class Came:
    """By which channel, when, under which number of the other side; why it is written in on a later day."""

    channel: str
    received_at: datetime
    source_number: str = ""
    late_reason: str = ""


@dataclass(frozen=True)
class TakenIn:
    """`number` is None of a draft, which somebody finishes later."""

    ticket_id: int
    number: str | None


def take_in(context: Context, key: str, came: Came, draft: Draft, registering: bool = True) -> TakenIn:
    """One contact and its ticket, registered, or as a draft. The same `key` and paper are the same press.

    Raises `IntakeRefused`, also for a key under which another paper was written in, `DraftRefused`,
    `NotPermitted`, or `GuardFailed` naming what is still empty; then nothing is kept.
    """
    came = checked(context, came)
    if not registering:
        context.actor.must_have("write a draft", Role.AGENT)
    if before := _taken(context, key, came, draft):
        return before
    try:
        return _take(context, key, came, draft, registering)
    except IntegrityError:  # the same form, or the same source number, a moment ago
        if before := _taken(context, key, came, draft):
            return before
        with context.reading() as session:
            not_before(session, came)
        raise


def _take(context: Context, key: str, came: Came, draft: Draft, registering: bool) -> TakenIn:
    with context.writing() as session:
        not_before(session, came)
        ticket = drafted(session, context, _ref(key), came, draft)
        if registering:
            submit(session, context, ticket)
        else:
            rows.announce(session, context, ticket, "drafted")
        return TakenIn(ticket.id, ticket.number)


def drafted(session: Session, context: Context, source_ref: str, came: Came, draft: Draft) -> Ticket:
    """The draft of what `checked` has passed, in the caller's transaction. Raises `DraftRefused`."""
    contact = Contact(channel=came.channel, source_ref=source_ref, received_at=came.received_at)
    contact.arrival = Arrival(
        channel=came.channel,
        source_number=came.source_number or None,
        taken_by_id=context.actor.user_id,
        taken_at=context.now(),
        late_reason=came.late_reason,
    )
    ticket = Ticket(contact=contact, channel=came.channel, received_at=came.received_at)
    ticket.born(context.actor, context.now())
    write_into(ticket, draft)
    session.add(ticket)
    session.flush()
    return ticket


def _channel(context: Context, code: str) -> ChannelFacts:
    channel = channels().get(code)
    if channel is None:
        raise IntakeRefused(Obstacle.NO_SUCH_CHANNEL, "channel")
    if not channel.may_type(context.actor):
        raise NotPermitted(context.actor, f"write in what comes by {code}")
    return channel


def checked(context: Context, came: Came) -> Came:
    """Without blanks around; the database's own measures are kept. Raises `IntakeRefused`, `NotPermitted`."""
    channel = _channel(context, came.channel)
    number, reason = came.source_number.strip(), came.late_reason.strip()
    for field, text, longest in (
        ("source_number", number, LONGEST_NUMBER),
        ("late_reason", reason, LONGEST_REASON),
    ):
        if len(text) > longest or "\x00" in text:
            raise IntakeRefused(Obstacle.TOO_LONG, field)
    if channel.numbered and not number:
        raise IntakeRefused(Obstacle.NO_SOURCE_NUMBER, "source_number")
    check_received(came.received_at, context.now(), context.settings.zone, reason)
    return Came(channel.code, came.received_at, number, reason)


def not_before(session: Session, came: Came) -> None:
    """Two people who have the same paper on their tables make one ticket of it. Raises `IntakeRefused`."""
    if not came.source_number:
        return
    query = select(Ticket).join(Arrival, Arrival.contact_id == Ticket.contact_id)
    query = query.where(Arrival.channel == came.channel, Arrival.source_number == came.source_number)
    if known := session.scalars(query.order_by(Ticket.id)).first():
        sealed = known.confidentiality is Confidentiality.SEALED
        raise IntakeRefused(Obstacle.CAME_BEFORE, "source_number", "" if sealed else known.number or "")


def _taken(context: Context, key: str, came: Came, draft: Draft) -> TakenIn | None:
    """What this page has made already. Raises `IntakeRefused` for a key that is none, or somebody else's."""
    if not key or len(key) > _LONGEST_KEY:
        raise IntakeRefused(Obstacle.STALE_PAGE, "key")
    with context.reading() as session:
        contact = session.scalar(select(Contact).where(Contact.source_ref == _ref(key)))
        if contact is None:
            return None
        if contact.arrival is None or contact.arrival.taken_by_id != context.actor.user_id:
            raise IntakeRefused(Obstacle.STALE_PAGE, "key")
        ticket = contact.tickets[0]
        kept = (contact.channel, contact.arrival.source_number or "", ticket.received_at, ticket.description)
        if kept != (came.channel, came.source_number, came.received_at, (draft.description or "").strip()):
            raise IntakeRefused(Obstacle.SENT_BEFORE, "key")
        return TakenIn(ticket.id, ticket.number)


def _ref(key: str) -> str:
    return f"typed:{key}"
