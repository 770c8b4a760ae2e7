"""A department calls a citizen through the hotline: neither sees the other's number."""

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallEnd, CallState
from hotline.calls.ports import NotDialable, OutgoingControl, TelephoneAway
from hotline.calls.rules import Purpose
from hotline.context import Context
from hotline.conversations.models import Relay, RelayState
from hotline.conversations.queries import open_relay
from hotline.conversations.rules import Refusal, TalkRefused
from hotline.directory.models import DutyPhone
from hotline.line_security.service import permit
from hotline.people.actors import Role
from hotline.replies.models import ContactRecord, ContactWay
from hotline.tickets import rows
from hotline.tickets.models import Ticket


def call_citizen(context: Context, control: OutgoingControl, ticket_id: int, phone_id: int) -> int:
    """Ring one of the department's telephones in the directory, then the citizen of its ticket.

    Returns the relay's id. Raises `NotPermitted`, `TalkRefused`, `NotDialable` or `TelephoneAway`, and then
    nobody has been rung.
    """
    context.actor.must_have("call a citizen", Role.HANDLER)
    with context.writing() as session:
        ticket = rows.get(session, ticket_id)
        relay = _relay(session, context, ticket, phone_id)
        citizen = ticket.complainant_phone
        permit(session, context, relay.phone, Purpose.DIRECTORY, listed=True)
        session.add_all([relay, _call(context, ticket, relay.channel_id)])
        session.flush()
        rows.announce(session, context, ticket, "relay")
    try:
        control.relay(relay.phone, citizen, relay.id, relay.channel_id)
    except (NotDialable, TelephoneAway):
        relay_told(context, relay.id, RelayState.FAILED)
        raise
    return relay.id


def relay_told(context: Context, relay_id: int, state: RelayState) -> None:
    """The telephone says how far a relay call has come; told twice, or late, it changes nothing.

    A call that is `OVER` without anybody having talked has failed. The ticket keeps each as a contact, or as
    a try of one.
    """
    with context.writing() as session:
        relay = session.get(Relay, relay_id)
        if relay is None or relay.ended_at is not None:
            return
        if state in (RelayState.DEPARTMENT, RelayState.CITIZEN, RelayState.TALKING):
            relay.state = state
            if state is RelayState.TALKING:
                relay.talked_at = relay.talked_at or context.now()
        else:
            _end(session, context, relay)
        rows.announce(session, context, relay.ticket, "relay")


def relays_are_these(context: Context, channel_ids: Collection[str]) -> None:
    """All channels, after a while in which nobody listened: relay calls without one are over."""
    with context.reading() as session:
        going_on = session.scalars(select(Relay).where(Relay.ended_at.is_(None))).all()
        gone = [relay.id for relay in going_on if relay.channel_id not in channel_ids]
    for relay_id in gone:
        relay_told(context, relay_id, RelayState.OVER)


def is_relay(session: Session, linkedid: str) -> bool:
    """Whether this is a call of ours between a department and a citizen."""
    return session.scalar(select(Relay.id).where(Relay.channel_id == linkedid)) is not None


def _end(session: Session, context: Context, relay: Relay) -> None:
    reached = relay.talked_at is not None
    relay.state, relay.ended_at = RelayState.OVER if reached else RelayState.FAILED, context.now()
    call = session.scalars(select(Call).where(Call.linkedid == relay.channel_id)).one()
    call.answered_at, call.ended_at = relay.talked_at, context.now()
    session.add(
        ContactRecord(
            ticket_id=relay.ticket_id,
            department_id=relay.department_id,
            user_id=relay.user_id,
            at=relay.asked_at,
            way=ContactWay.PHONE,
            reached=reached,
        )
    )
    actor = relay.user.actor()
    relay.ticket.note("citizen_contacted", actor, context.now(), way=ContactWay.PHONE, reached=reached)


def _call(context: Context, ticket: Ticket, linkedid: str) -> Call:
    """The call's record, for its recording: nobody waits in it, so that it is no business of the board."""
    return Call(
        linkedid=linkedid,
        pbx=context.settings.pbx_name,
        contact_id=ticket.contact_id,
        dialled="",
        outgoing=True,
        state=CallState.ENDED,
        end=CallEnd.TALKED,
        started_at=context.now(),
        ended_at=context.now(),
    )


def _channel_id(context: Context) -> str:
    """As Asterisk makes them itself: the call's folder is named by it."""
    machine = f"{context.settings.pbx_name}-" if context.settings.pbx_name else ""
    return f"{machine}{int(context.now().timestamp())}.{secrets.randbelow(900_000_000) + 100_000_000}"


def _relay(session: Session, context: Context, ticket: Ticket, phone_id: int) -> Relay:
    phone = session.get(DutyPhone, phone_id)
    department_id = context.actor.department_id
    if department_id is None or ticket.holder_id != department_id:
        raise TalkRefused(Refusal.NOT_HOLDER)
    if phone is None or phone.department_id != department_id:
        raise TalkRefused(Refusal.UNKNOWN_TARGET)
    if not ticket.complainant_phone:
        raise TalkRefused(Refusal.NO_NUMBER)
    if open_relay(session, ticket.id) is not None:
        raise TalkRefused(Refusal.RELAY_RUNNING)
    return Relay(
        ticket_id=ticket.id,
        department_id=department_id,
        user_id=context.actor.user_id,
        phone=phone.phone,
        channel_id=_channel_id(context),
        asked_at=context.now(),
    )
