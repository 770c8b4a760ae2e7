"""What people propose, decide, order, answer and close (rulebook B6)."""

from datetime import datetime

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.people.actors import NotPermitted, Role
from hotline.screening.opening import kept_text, opened
from hotline.supervision import cases, holding, queries
from hotline.supervision.rules import (
    ANSWER_WITHIN,
    CLOSERS,
    DECIDERS,
    ISSUERS,
    ORDERED,
    ORDERERS,
    PROPOSERS,
    URGERS,
    CaseState,
    Found,
    Kind,
    Level,
    Obstacle,
    SupervisionRefused,
    Trigger,
    closers,
)
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

LONGEST = 2000


def propose(context: Context, ticket_id: int, reason: str) -> None:
    """Somebody of the hotline proposes a notice (L2). Raises `SupervisionRefused` where one is open."""
    context.actor.must_have("propose a notice", *PROPOSERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "propose a notice")
        why = _reason(reason)
        if not _rises(session, ticket.id, Level.L2) or queries.proposed(session, ticket.id):
            raise SupervisionRefused(Obstacle.NOT_HIGHER)
        step = _by_person(session, ticket.id, Level.L2)
        cases.begin(session, context, ticket, step, CaseState.PROPOSED, why)


def foresee_urging(session: Session, context: Context, ticket: Ticket) -> datetime:
    """Until when the department would have to answer if `urge` were called now; raises what it would raise.
    Changes nothing."""
    context.actor.must_have("urge", *URGERS)
    if ticket.state not in queries.WATCHED or ticket.holder_id is None:
        raise SupervisionRefused(Obstacle.NOT_WITH_UNIT)
    if not queries.is_late(session, ticket, context.now()):
        raise SupervisionRefused(Obstacle.NOT_LATE)
    case = queries.highest_open(session, ticket.id)
    if case is not None and case.level > Level.L1:
        raise SupervisionRefused(Obstacle.NOT_HIGHER)
    if queries.is_awaited(session, ticket, context.now()):
        raise SupervisionRefused(Obstacle.URGED)
    return cases.answered_by(context, Level.L1)


def urge(context: Context, ticket_id: int, words: str = "") -> None:
    """A supervisor urges (L1) the department that has a late ticket, with `words` where there are any.

    Raises `SupervisionRefused` where it is not late, an earlier urging may still be answered in time, or
    something higher is open: an urging after that would say less than what the department has already.
    """
    context.actor.must_have("urge", *URGERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "urge")
        foresee_urging(session, context, ticket)
        why = kept_text("reason", words, LONGEST)
        cases.urge(session, context, ticket, _by_person(session, ticket.id, Level.L1), why)


def decide(context: Context, ticket_id: int, approved: bool, reason: str = "") -> str | None:
    """The director, or the government office, issues the proposed notice, with a number, or drops it with a
    reason. Returns the number.

    Of special supervision (L3) the inspection office decides in place of the government office, and after two
    reworks nobody drops it: there is no third without. Nobody decides on their own proposal.
    """
    context.actor.must_have("decide on a notice", *DECIDERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "decide on a notice")
        case = queries.proposed(session, ticket.id)
        if case is None:
            raise SupervisionRefused(Obstacle.NOTHING_OPEN)
        if case.proposed_by_id is not None and case.proposed_by_id == context.actor.user_id:
            raise SupervisionRefused(Obstacle.OWN_PROPOSAL)
        context.actor.must_have("decide on a notice of this level", *ISSUERS[case.level])
        if not approved and case.trigger is Trigger.REWORKED_TWICE and ticket.state is State.REWORK:
            raise SupervisionRefused(Obstacle.MUST_BE_SPECIAL)
        if approved:
            cases.issue(session, context, ticket, case)
            return case.number
        cases.close(context, case, CaseState.DROPPED, _reason(reason))
        ticket.note("supervision_dropped", context.actor, context.now(), case.decision, level=case.level)
        rows.announce(session, context, ticket, "supervision_dropped")
        return None


def order(context: Context, ticket_id: int, level: Level, kind: Kind, reason: str) -> str | None:
    """Whoever issues a level from L3 on takes that step, at once. Whatever lower is open ends with it."""
    context.actor.must_have("order supervision", *ISSUERS.get(level, ORDERERS))
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "order supervision")
        why = _reason(reason)
        if level not in ORDERED or not _rises(session, ticket.id, level):
            raise SupervisionRefused(Obstacle.NOT_HIGHER)
        step = _by_person(session, ticket.id, level)
        case = cases.begin(session, context, ticket, step, CaseState.PROPOSED, why, kind)
        cases.issue(session, context, ticket, case)
        return case.number


def answer(context: Context, ticket_id: int, text: str) -> None:
    """The department's leader answers what it has to, the highest first. An urging (L1) is done with that."""
    context.actor.must_have("answer supervision", Role.UNIT_REVIEWER)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "answer supervision")
        case = queries.to_be_answered(session, ticket.id, context.actor.department_id)
        if case is None:
            raise SupervisionRefused(Obstacle.NOTHING_OPEN)
        said = _reason(text)
        case.answer, case.state = said, CaseState.ANSWERED
        case.answered_at, case.answered_by_id = context.now(), context.actor.user_id
        if case.level is Level.L1:
            cases.close_urgings(session, context, ticket.id)
        ticket.note("supervision_answered", context.actor, context.now(), said, level=case.level)
        rows.announce(session, context, ticket, "supervision_answered")


def conclude(context: Context, ticket_id: int, accepted: bool, reason: str) -> None:
    """The answer is enough, and the case is closed; or it is not, and the department answers anew.

    A hand-over (L6) is closed with the receipt as its reason, and what a department was told that no longer
    has the ticket without its answer. One by which a leader's instruction was passed on is closed after the
    leader has been reported to. Never by the department itself.
    """
    context.actor.must_have("close supervision", *CLOSERS)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "close supervision")
        case = queries.highest_open(session, ticket.id)
        if case is None or not (case.is_answered or (accepted and case.can_go_unanswered)):
            raise SupervisionRefused(Obstacle.NOTHING_OPEN)
        context.actor.must_have("close supervision of this level", *closers(case.level))
        if case.department_id == context.actor.department_id:
            raise NotPermitted(context.actor, "close supervision of their own department")
        if accepted and queries.unreported(session, case.id):
            raise SupervisionRefused(Obstacle.NOT_REPORTED)
        why = _reason(reason)
        if accepted:
            cases.close(context, case, CaseState.CLOSED, why)
        else:
            case.state, case.decision = CaseState.ISSUED, why
            case.due_at = reckoner(context).due(context.now(), ANSWER_WITHIN[case.level])
        event = "supervision_closed" if accepted else "supervision_returned"
        ticket.note(event, context.actor, context.now(), why, level=case.level)
        rows.announce(session, context, ticket, event)
        holding.hold_or_release(session, context, ticket)


def _rises(session: Session, ticket_id: int, level: Level) -> bool:
    case = queries.highest_open(session, ticket_id)
    return case is None or case.level < level


def _by_person(session: Session, ticket_id: int, level: Level) -> Found:
    """Each decision of a person is an occurrence of its own."""
    count = len(queries.cases_of(session, ticket_id))
    return Found(level, Trigger.PERSON, f"{Trigger.PERSON}:{count}")


def _reason(text: str) -> str:
    words = kept_text("reason", text, LONGEST)
    if not words:
        raise SupervisionRefused(Obstacle.NO_REASON)
    return words
