"""Petitions to the petition office, media oversight to a media house: referred, taken, reported, sent back.

The hotline keeps the ticket and follows it until the receipt, of the media until their result (T12 to T14).
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.people.actors import SYSTEM, Role
from hotline.referrals import queries
from hotline.referrals.models import Referral, ReferralState
from hotline.referrals.rules import OUTCOMES
from hotline.screening.opening import kept_text, opened
from hotline.screening.queries import waiting_refusal
from hotline.screening.rules import LONGEST_RECEIPT, RECEIPT_WITHIN
from hotline.tickets import guards, rows
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import BODY_ROLES
from hotline.tickets.states import Confidentiality, ScreeningClass, State

_TAKERS = (*BODY_ROLES, Role.SCREENER)
"""A screener writes down what the body says by other means."""


def refer(context: Context, ticket_id: int, to: ScreeningClass, body_id: int, reason: str) -> None:
    """A screener settles the class and hands the ticket to the body that handles it (T12).

    A receipt is due in three working days: until then that is the ticket's due time. Raises `GuardFailed`
    where the body takes no such class, or the reason is missing.
    """
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "refer a ticket")
        bodies = {office.id: office for of, office in queries.possible_bodies(session) if of is to}
        body, why = bodies.get(body_id), kept_text("reason", reason)
        due_at = reckoner(context).due(context.now(), RECEIPT_WITHIN)
        ticket.screening_class = to
        ticket.move(
            "refer_out",
            context.actor,
            context.now(),
            why,
            refusal_waits=waiting_refusal(session, ticket_id) is not None,
            screening_class=to,
            body_id=body.id if body else None,
            body=body.name_zh if body else "",
            due_at=due_at,
        )
        ticket.due_at = due_at
        session.add(
            Referral(
                ticket_id=ticket.id,
                body_id=body_id,
                screening_class=to,
                reason=why,
                referred_at=context.now(),
                referred_by_id=context.actor.user_id,
                receipt_by=due_at,
                due_at=due_at,
            )
        )
        rows.announce(session, context, ticket, "referred")


def take(context: Context, ticket_id: int, receipt: str) -> None:
    """The body has it, under a number of its own: of a petition that closes the ticket here (T13), of the
    media their result is waited for."""
    context.actor.must_have("take a referral", *_TAKERS)
    with context.writing() as session:
        ticket, referral = _open(session, context, ticket_id, "take a referral")
        number = kept_text("receipt", receipt, LONGEST_RECEIPT)
        if referral.state is not ReferralState.WAITING:
            raise IllegalMove(ticket.state, "external_receipt", context.actor)
        referral.receipt, referral.taken_at, referral.due_at = number, context.now(), None
        if referral.screening_class is ScreeningClass.MEDIA:
            _must_be_its_body(context, ticket, referral)
            referral.state = ReferralState.TAKEN
            ticket.note("referral_taken", context.actor, context.now(), receipt=number)
            ticket.due_at = None
            rows.announce(session, context, ticket, "referral_taken")
        else:
            _end(session, context, ticket, referral)


def report_result(context: Context, ticket_id: int, result: str) -> None:
    """What came of the media's oversight, in words that the citizen reads, too: closed (T13)."""
    context.actor.must_have("report on a referral", *_TAKERS)
    with context.writing() as session:
        ticket, referral = _open(session, context, ticket_id, "report on a referral")
        if referral.state is not ReferralState.TAKEN:
            raise IllegalMove(ticket.state, "external_receipt", context.actor)
        referral.result = kept_text("result", result)
        if not referral.result:
            raise _failed(context, ticket, "the result is needed")
        _end(session, context, ticket, referral, result=referral.result)


def send_back(context: Context, ticket_id: int, reason: str) -> None:
    """Of another class, as the body sees it: screened again (T14)."""
    with context.writing() as session:
        ticket, referral = _open(session, context, ticket_id, "send a referral back")
        referral.back_reason = kept_text("reason", reason)
        ticket.move(
            "external_return",
            context.actor,
            context.now(),
            referral.back_reason,
            body_id=referral.body_id,
            body=referral.body.name_zh,
        )
        referral.state, referral.ended_at = ReferralState.SENT_BACK, context.now()
        referral.due_at = ticket.due_at = ticket.screening_class = None
        rows.announce(session, context, ticket, "sent_back")


def tell_overdue(context: Context, limit: int = 50) -> int:
    """One sweep over referrals without receipt whose time is over: the hotline is told. Returns how many."""
    with context.reading() as session:
        ids = queries.without_receipt(session, context.now(), limit)
    return sum(_told(context, referral_id) for referral_id in ids)


def _told(context: Context, referral_id: int) -> bool:
    with context.writing() as session:
        claim = update(Referral).where(Referral.id == referral_id, Referral.due_at <= context.now())
        if session.execute(claim.values(due_at=None)).rowcount == 0:  # type: ignore[attr-defined]
            return False  # taken, or another worker's
        referral = session.get_one(Referral, referral_id)
        ticket = referral.ticket
        if ticket.confidentiality is Confidentiality.SEALED:
            return False
        ticket.note("receipt_overdue", SYSTEM, context.now(), body=referral.body.name_zh)
        rows.announce(session, context, ticket, "receipt_overdue")
        return True


def _open(session: Session, context: Context, ticket_id: int, deed: str) -> tuple[Ticket, Referral]:
    """The ticket, locked, and what another body has of it. Raises `IllegalMove` where none has."""
    ticket = opened(session, context, ticket_id, deed)
    referral = queries.open_referral(session, ticket_id)
    if referral is None or ticket.state is not State.TRANSFERRED:
        raise IllegalMove(ticket.state, "external_receipt", context.actor)
    return ticket, referral


def _end(session: Session, context: Context, ticket: Ticket, referral: Referral, result: str = "") -> None:
    ticket.move(
        "external_receipt",
        context.actor,
        context.now(),
        receipt=referral.receipt,
        result=result,
        body_id=referral.body_id,
        body=referral.body.name_zh,
    )
    ticket.outcome, ticket.due_at = OUTCOMES[referral.screening_class], None
    referral.state, referral.ended_at = ReferralState.ENDED, context.now()
    rows.announce(session, context, ticket, "closed")


def _must_be_its_body(context: Context, ticket: Ticket, referral: Referral) -> None:
    """What T13 asks, before there is a result to close the ticket by."""
    evidence = {"actor": context.actor, "body_id": referral.body_id, "receipt": referral.receipt}
    for guard in (guards.by_its_body, guards.receipt_recorded):
        if missing := guard(ticket, evidence):
            raise _failed(context, ticket, missing)


def _failed(context: Context, ticket: Ticket, missing: str) -> GuardFailed:
    return GuardFailed(ticket.state, "external_receipt", context.actor, missing)
