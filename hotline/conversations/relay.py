"""A department calls a citizen through the hotline: neither sees the other's number."""

import secrets

from sqlalchemy.orm import Session

from hotline.calls.ports import NotDialable, OutgoingControl, TelephoneAway
from hotline.context import Context
from hotline.conversations.models import Relay, RelayState
from hotline.conversations.queries import open_relay
from hotline.conversations.rules import Refusal, TalkRefused
from hotline.directory.models import DutyPhone
from hotline.people.actors import Role
from hotline.tickets import rows
from hotline.tickets.models import Ticket

RELAY = "relay-"
"""How the channel identities of relay calls begin."""


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
        session.add(relay)
        session.flush()
        rows.announce(session, context, ticket, "relay")
    try:
        control.relay(relay.phone, citizen, relay.id, relay.channel_id)
    except (NotDialable, TelephoneAway):
        with context.writing() as session:
            row = session.get_one(Relay, relay.id)
            row.state, row.ended_at = RelayState.FAILED, context.now()
        raise
    return relay.id


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
        channel_id=f"{RELAY}{secrets.token_hex(6)}",
        asked_at=context.now(),
    )
