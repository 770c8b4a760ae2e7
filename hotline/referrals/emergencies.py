"""A call that was only an emergency: handed to 110, 119, 120 or 122, and so off the desk (T04).

Contact, recording and everything that was written stay with the ticket. The hotline's screeners write down
the service's own number for it (T13), or take it back where the service says that it is none of theirs (T14):
who received it first handles it then (B4).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.context import Context
from hotline.conversations.models import HandOver, Party
from hotline.people.actors import Role
from hotline.referrals.rules import EMERGENCY_TAKEN
from hotline.screening.opening import kept_text, opened
from hotline.screening.rules import LONGEST_RECEIPT
from hotline.tickets import rows
from hotline.tickets.lifecycle import IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft, write_into
from hotline.tickets.states import State

LONGEST_HOW = 300


def hand_over(
    context: Context, ticket_id: int, service: str, how: str = "", draft: Draft | None = None
) -> str:
    """The draft ends as transferred to the service (T04). Returns the ticket's number.

    `how` says how the service was told; it may be empty where it answered a call from the desk. Raises
    `GuardFailed` for another service, or where nothing says that it knows.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "hand a citizen over")
        if draft is not None and ticket.state is State.DRAFT:
            write_into(ticket, draft)
        if not ticket.complainant_phone:
            ticket.complainant_phone = ticket.contact.number
        answered = _has_answered(session, ticket, service)
        words = kept_text("handed_how", how, LONGEST_HOW)
        line = ticket.move(
            "hot_transfer", context.actor, context.now(), words, service=service, by_call=answered
        )
        if ticket.number is None:  # who writes on the web page has one already
            rows.give_number(session, context, ticket)
        ticket.registered_at, ticket.registered_by_id = line.at, context.actor.user_id
        rows.announce(session, context, ticket, "handed_over")
        assert ticket.number is not None  # noqa: S101 (given above)
        return ticket.number


def record_receipt(context: Context, ticket_id: int, receipt: str) -> None:
    """The service's own number for it: closed (T13)."""
    context.actor.must_have("write down a receipt", Role.SCREENER)
    with context.writing() as session:
        ticket = _handed_over(session, context, ticket_id, "external_receipt")
        number = kept_text("receipt", receipt, LONGEST_RECEIPT)
        ticket.move("external_receipt", context.actor, context.now(), receipt=number)
        ticket.outcome = EMERGENCY_TAKEN
        rows.announce(session, context, ticket, "closed")


def take_back(context: Context, ticket_id: int, reason: str) -> None:
    """The service says that it is not theirs: screened as any other (T14)."""
    context.actor.must_have("take a hand-over back", Role.SCREENER)
    with context.writing() as session:
        ticket = _handed_over(session, context, ticket_id, "external_return")
        ticket.move("external_return", context.actor, context.now(), kept_text("back_why", reason))
        rows.announce(session, context, ticket, "sent_back")


def _handed_over(session: Session, context: Context, ticket_id: int, event: str) -> Ticket:
    """The ticket, locked. Raises `IllegalMove` where it is with no emergency service."""
    ticket = opened(session, context, ticket_id, "settle a hand-over")
    if ticket.state is not State.TRANSFERRED or ticket.screening_class is not None:
        raise IllegalMove(ticket.state, event, context.actor)
    return ticket


def _has_answered(session: Session, ticket: Ticket, service: str) -> bool:
    """Whether the service has answered in a call with this citizen: then it has the number and was told."""
    told = (
        select(HandOver.id).join(Call, Call.id == HandOver.call_id).join(Party, Party.id == HandOver.party_id)
    )
    told = told.where(Call.contact_id == ticket.contact_id, HandOver.service == service)
    return session.scalar(told.where(Party.answered_at.is_not(None)).limit(1)) is not None
