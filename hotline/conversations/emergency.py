"""110, 119, 120 and 122 at one key: three-way at once, and what the ticket says handed over with the call."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.ports import Legs, Meeting, TalkControl, ThirdParty
from hotline.context import Context
from hotline.conversations.models import HandOver, Party
from hotline.conversations.rules import Step
from hotline.conversations.service import order, ring_party, talk_of
from hotline.conversations.targets import find
from hotline.tickets.models import Ticket


def call_emergency(context: Context, control: TalkControl, call_id: int, service: str) -> int:
    """Ring an emergency service into the conversation and show it the citizen's number.

    Returns the party's id. What the ticket says goes into a hand-over record for the agent to read out.
    Raises `TalkRefused`.
    """
    with talk_of(context, call_id, Step.ADD, context.writing) as talk:
        found = find(talk.session, context, f"emergency:{service}")
        party = ring_party(talk.session, context, talk.call, talk.standing, found, Meeting.JOIN)
        shown = talk.call.contact.number
        _hand_over(talk.session, context, talk.call, party, service)
        third = ThirdParty(party.channel_id, Meeting.JOIN, number=service, shown_number=shown)
        legs = Legs(talk.caller.channel_id, talk.agent.channel_id)
    order(context, control, party, third, legs)
    return party.id


def summary(call: Call, ticket: Ticket | None) -> str:
    """What an emergency service has to know first: where, what, and whom to call back."""
    lines = [("来电号码", call.contact.number)]
    if ticket is not None:
        where = "".join(part for part in (ticket.district, ticket.street, ticket.address) if part)
        lines += [
            ("地点", where),
            ("情况", ticket.description),
            ("联系人", ticket.complainant_name),
            ("联系电话", ticket.complainant_phone),
        ]
    return "\n".join(f"{name}：{value}" for name, value in lines if value)


def _hand_over(session: Session, context: Context, call: Call, party: Party, service: str) -> None:
    tickets = select(Ticket).where(Ticket.contact_id == call.contact_id).order_by(Ticket.id)
    ticket = session.scalars(tickets).first()
    session.add(
        HandOver(
            call_id=call.id,
            ticket_id=ticket.id if ticket else None,
            party_id=party.id,
            service=service,
            number_shown=bool(call.contact.number),
            summary=summary(call, ticket),
            at=context.now(),
            user_id=context.actor.user_id,
        )
    )
    if ticket is not None:
        ticket.note("emergency_called", context.actor, context.now(), service=service)
