"""Not accepted: proposed by one, decided by another, told to the citizen, objected to once (T08, T09)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.appeals.settling import settle
from hotline.context import Context
from hotline.deadlines.calendar import ChineseCalendar
from hotline.deadlines.profiles import Limit, Unit
from hotline.deadlines.rules import Reckoner
from hotline.outbox.rules import Kind
from hotline.outbox.service import owe
from hotline.people.actors import Role
from hotline.screening.models import Refusal, RefusalState
from hotline.screening.opening import kept_text, opened
from hotline.screening.queries import refusal_in_force, waiting_refusal
from hotline.screening.rules import OBJECTION_DAYS, RefusalCode, told_text
from hotline.tickets import rows
from hotline.tickets.guards import own_channel
from hotline.tickets.lifecycle import GuardFailed, IllegalMove
from hotline.tickets.models import Ticket
from hotline.tickets.states import ScreeningClass, State

LONGEST_LINE = 300
TELLERS = (Role.AGENT, Role.CALLBACK_AGENT)
"""Who speaks with citizens, and so tells them."""


class NothingToDecide(Exception):
    """No refusal waits for this decision: it is taken, or was never proposed."""


class ObjectionOver(Exception):
    """The citizen has objected once already, or the days for it are over."""


@dataclass(frozen=True)
class Proposal:
    """Why a matter is not ours: code and basis, and where the citizen should turn."""

    code: RefusalCode
    basis: str
    right_channel: str
    reason: str = ""


def propose(context: Context, ticket_id: int, proposal: Proposal) -> None:
    """A screener proposes to refuse; the ticket stays registered until another has decided, of the hotline.

    Raises `GuardFailed` where basis or channel is empty or a proposal waits already.
    """
    context.actor.must_have("propose a refusal", Role.SCREENER, Role.MEDIA_SCREENER)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "propose a refusal")
        if missing := own_channel(ticket, {"actor": context.actor}):
            raise _failed(context, ticket, missing)
        if ticket.state is not State.REGISTERED:
            raise IllegalMove(ticket.state, "refuse", context.actor)
        if waiting_refusal(session, ticket_id) is not None:
            raise _failed(context, ticket, "a proposed refusal waits for its decision")
        refusal = _refusal(context, ticket, proposal)
        if not refusal.basis or not refusal.right_channel:
            raise _failed(context, ticket, "the citizen is told the right channel")
        session.add(refusal)
        ticket.note("refusal_proposed", context.actor, context.now(), refusal.reason, code=refusal.code)
        rows.announce(session, context, ticket, "refusal_proposed")


def agree(context: Context, ticket_id: int, reason: str = "") -> None:
    """A second screener agrees: not accepted (T08)."""
    with context.writing() as session:
        ticket, refusal = _waiting(session, context, ticket_id, RefusalState.PROPOSED)
        refusal.second_id, refusal.second_reason = context.actor.user_id, kept_text("reason", reason)
        _refuse(session, context, ticket, refusal, refusal.second_reason)


def disagree(context: Context, ticket_id: int, reason: str) -> None:
    """A second screener does not agree, and says why: a supervisor decides."""
    context.actor.must_have("judge a refusal", Role.SCREENER)
    with context.writing() as session:
        ticket, refusal = _waiting(session, context, ticket_id, RefusalState.PROPOSED)
        refusal.second_reason = _why(context, ticket, reason)
        refusal.second_id, refusal.state = context.actor.user_id, RefusalState.DISPUTED
        ticket.note("refusal_disputed", context.actor, context.now(), refusal.second_reason)
        rows.announce(session, context, ticket, "refusal_disputed")


def uphold(context: Context, ticket_id: int, reason: str) -> None:
    """The supervisor sides with the proposal: not accepted (T08)."""
    context.actor.must_have("decide a disputed refusal", Role.SUPERVISOR)
    with context.writing() as session:
        ticket, refusal = _waiting(session, context, ticket_id, RefusalState.DISPUTED)
        _refuse(session, context, ticket, refusal, _why(context, ticket, reason))


def drop(context: Context, ticket_id: int, reason: str) -> None:
    """The supervisor sides with the second screener: the ticket is to be screened again."""
    context.actor.must_have("decide a disputed refusal", Role.SUPERVISOR)
    with context.writing() as session:
        ticket, refusal = _waiting(session, context, ticket_id, RefusalState.DISPUTED)
        why = _why(context, ticket, reason)
        refusal.state = RefusalState.DROPPED
        refusal.decided_at, refusal.decided_by_id = context.now(), context.actor.user_id
        ticket.note("refusal_dropped", context.actor, context.now(), why)
        rows.announce(session, context, ticket, "refusal_dropped")


def record_told(context: Context, ticket_id: int) -> None:
    """The citizen has been told, by voice, what stands on the ticket."""
    context.actor.must_have("tell a citizen of a refusal", *TELLERS)
    with context.writing() as session:
        ticket, refusal = _in_force(session, context, ticket_id)
        if refusal.told_at is not None:
            raise NothingToDecide(f"the citizen of ticket {ticket_id} knows already")
        refusal.told_at, refusal.told_by_id = context.now(), context.actor.user_id
        ticket.note("refusal_told", context.actor, context.now())
        rows.announce(session, context, ticket, "refusal_told")


def hear_objection(context: Context, ticket_id: int, overturned: bool, reason: str) -> None:
    """The citizen objects, and a supervisor who has not refused it decides: back to screening (T09), or not.

    Once, within ten days of the refusal. Raises `ObjectionOver` beyond that.
    """
    with context.writing() as session:
        hear(session, context, ticket_id, overturned, reason, context.now())


def hear(
    session: Session, context: Context, ticket_id: int, overturned: bool, reason: str, objected_at: datetime
) -> None:
    """As `hear_objection`, within a transaction that does more, of what the citizen has said at this time."""
    context.actor.must_have("hear an objection", Role.SUPERVISOR)
    ticket, refusal = _in_force(session, context, ticket_id)
    _must_be_somebody_else(context, ticket, refusal)
    if refusal.objected_at is not None or not may_object(context, refusal, objected_at):
        raise ObjectionOver(f"ticket {ticket_id}")
    why = _why(context, ticket, reason)
    refusal.objected_at = objected_at
    if overturned:
        refusal.state = RefusalState.OVERTURNED
        ticket.move("refusal_overturned", context.actor, context.now(), why)
        ticket.screening_class = None
    else:
        ticket.note("objection_rejected", context.actor, context.now(), why)
    settle(session, context, ticket_id, overturned, why)
    rows.announce(session, context, ticket, "objection_heard")


def may_object(context: Context, refusal: Refusal, at: datetime | None = None) -> bool:
    """Whether the citizen may object still, or might `at` another time: until 24:00 of the tenth day after
    the refusal."""
    counting = Reckoner(ChineseCalendar(), context.settings.zone)
    limit = Limit(OBJECTION_DAYS, Unit.NATURAL_DAY)
    return refusal.decided_at is not None and (at or context.now()) < counting.due(refusal.decided_at, limit)


def _refusal(context: Context, ticket: Ticket, proposal: Proposal) -> Refusal:
    basis = kept_text("basis", proposal.basis, LONGEST_LINE)
    channel = kept_text("right_channel", proposal.right_channel, LONGEST_LINE)
    return Refusal(
        ticket_id=ticket.id,
        code=proposal.code,
        basis=basis,
        right_channel=channel,
        told=told_text(proposal.code, basis, channel),
        reason=kept_text("reason", proposal.reason),
        proposed_at=context.now(),
        proposed_by_id=context.actor.user_id,
    )


def _waiting(
    session: Session, context: Context, ticket_id: int, state: RefusalState
) -> tuple[Ticket, Refusal]:
    ticket = opened(session, context, ticket_id, "decide a refusal")
    refusal = waiting_refusal(session, ticket_id)
    if refusal is None or refusal.state is not state:
        raise NothingToDecide(f"ticket {ticket_id}")
    if ticket.state is not State.REGISTERED:
        raise IllegalMove(ticket.state, "refuse", context.actor)
    _must_be_somebody_else(context, ticket, refusal)
    return ticket, refusal


def _in_force(session: Session, context: Context, ticket_id: int) -> tuple[Ticket, Refusal]:
    ticket = opened(session, context, ticket_id, "act on a refusal")
    refusal = refusal_in_force(session, ticket_id)
    if refusal is None:
        raise NothingToDecide(f"ticket {ticket_id}")
    if ticket.state is not State.NOT_ACCEPTED:
        raise IllegalMove(ticket.state, "refusal_overturned", context.actor)
    return ticket, refusal


def _refuse(session: Session, context: Context, ticket: Ticket, refusal: Refusal, reason: str) -> None:
    ticket.screening_class = ScreeningClass.NOT_ACCEPTED
    ticket.move(
        "refuse",
        context.actor,
        context.now(),
        reason,
        code=refusal.code,
        right_channel=refusal.right_channel,
        told=refusal.told,
        second_screener_id=refusal.proposed_by_id,
    )
    refusal.state = RefusalState.APPROVED
    refusal.decided_at, refusal.decided_by_id = context.now(), context.actor.user_id
    owe(session, context, ticket, Kind.REFUSAL)
    rows.announce(session, context, ticket, "refused")


def _must_be_somebody_else(context: Context, ticket: Ticket, refusal: Refusal) -> None:
    """Whoever proposed or judged before does not judge again."""
    if context.actor.user_id in (refusal.proposed_by_id, refusal.second_id, refusal.decided_by_id):
        raise _failed(context, ticket, "a second screener must agree")


def _why(context: Context, ticket: Ticket, reason: str) -> str:
    why = kept_text("reason", reason)
    if not why:
        raise _failed(context, ticket, "a reason is needed")
    return why


def _failed(context: Context, ticket: Ticket, missing: str) -> GuardFailed:
    return GuardFailed(ticket.state, "refuse", context.actor, missing)
