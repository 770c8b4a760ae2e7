"""The end of a ticket whose citizen was asked, or could not be; it waits while supervision keeps it open."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.follow_up import queries, together
from hotline.follow_up.models import AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.rules import MOST_ATTEMPTS, Finding, Verdict, verdict
from hotline.people.actors import SYSTEM
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

UNREACHED = "unreached"
ANONYMOUS = "anonymous"
_UNCOUNTED = (None, AttemptOutcome.FAILED, AttemptOutcome.REFUSED)


def tries(follow_up: FollowUp) -> int:
    """How often the citizen was rung: what failed with us does not count."""
    return len(rung_at(follow_up))


def rung_at(follow_up: FollowUp) -> list[datetime]:
    """When the citizen was rung, without what failed with us."""
    return [one.started_at for one in follow_up.attempts if one.outcome not in _UNCOUNTED]


def close(session: Session, context: Context, ticket: Ticket, decided: Verdict, reason: str = "") -> None:
    """By the citizen's word (T30), with its repeats."""
    if together.must_wait(session, context, ticket, decided, reason):
        return
    ticket.move("close", context.actor, context.now(), reason, outcome_closes=True, outcome=decided)
    _closed(session, context, ticket, decided)


def close_unreached(
    session: Session, context: Context, ticket: Ticket, outcome: str, **evidence: int | bool
) -> None:
    """After the last try, or without a number (T33), with its repeats."""
    if together.must_wait(session, context, ticket, outcome):
        return
    ticket.move("unreachable", SYSTEM, context.now(), "", **evidence)
    _closed(session, context, ticket, outcome)


def close_waiting(session: Session, context: Context, ticket: Ticket) -> None:
    """Nothing keeps the ticket open any more: what its follow-up has brought already closes it now.

    Nothing is done where the citizen is still to be asked, or says that it is not solved.
    """
    context = context.acting_as(SYSTEM)
    master = ticket.master
    if ticket.state is State.MERGED and ticket.is_repeat and master and master.state is State.CLOSED:
        together.close_repeat(session, context, ticket, master)
        return
    last = next(reversed(queries.of_ticket(session, ticket.id)), None)
    if last is None or ticket.state not in (State.CALLBACK, State.MERGED):
        return
    if last.state is FollowUpState.UNREACHED:
        _end_unreached(session, context, ticket, tries(last))
    elif last.state is FollowUpState.DONE:
        _end_answered(session, context, ticket, last)


def _end_answered(session: Session, context: Context, ticket: Ticket, follow_up: FollowUp) -> None:
    decided = verdict(bool(follow_up.solved), Finding(follow_up.finding) if follow_up.finding else None)
    if decided in (Verdict.NEEDS_FINDING, Verdict.REWORK):
        return
    if ticket.state is State.MERGED:
        together.close_child(session, context, ticket, decided)
    else:
        close(session, context, ticket, decided)


def _end_unreached(session: Session, context: Context, ticket: Ticket, tried: int) -> None:
    outcome = UNREACHED if tried >= MOST_ATTEMPTS else ANONYMOUS
    if ticket.state is State.MERGED:
        together.close_child(session, context, ticket, outcome)
    else:
        close_unreached(session, context, ticket, outcome, attempts=tried, no_number=outcome == ANONYMOUS)


def _closed(session: Session, context: Context, ticket: Ticket, outcome: str) -> None:
    ticket.outcome = outcome
    together.close_repeats(session, context, ticket)
    rows.announce(session, context, ticket, "closed")
