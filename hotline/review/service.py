"""What the hotline's reviewer does with a reply: accepts it, or sends it back (rulebook B7, T28, T29)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Update, update
from sqlalchemy.orm import Session

from hotline.built_once import built_once
from hotline.context import Context
from hotline.dispatch.models import Assignment
from hotline.dispatch.queries import is_lead_of
from hotline.dispatch.undecided import drop_undecided
from hotline.follow_up.together import owe_all
from hotline.outbox.rules import Kind
from hotline.outbox.service import owe as owe_letter
from hotline.people.actors import SYSTEM
from hotline.replies.models import Reply, ReplyState
from hotline.replies.queries import latest_reply
from hotline.review import queries
from hotline.review.models import Ground, JudgedSignal, PerfunctoryProposal, ReplyVerdict
from hotline.review.rules import MUST_DECIDE, Found, Signal, score
from hotline.tickets import rows
from hotline.tickets.models import Ticket

PROPOSES_AT = 2
"""So many perfunctory replies to one ticket make a proposal for supervision."""

Judged = Mapping[Signal, bool]
"""Signals that the reviewer confirmed, or said not to hold."""


class Obstacle(StrEnum):
    """Why a verdict is not taken."""

    UNDECIDED = "undecided"  # a signal was not judged, or there is another one by now
    CONFIRMED = "confirmed"  # confirmed signals make the reply perfunctory: it cannot be accepted
    NOTHING_CONFIRMED = "nothing_confirmed"  # perfunctory, but no signal was said to hold


class ReviewRefused(Exception):
    """A verdict is not taken; `obstacle` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle)
        self.obstacle = obstacle


def accept_reply(context: Context, ticket_id: int, reason: str = "", judged: Judged | None = None) -> int:
    """The hotline accepts the reply (T29); the citizen will be called, and whoever's ticket is merged under
    it. Returns the id of the ticket's own follow-up.

    From a score of `MUST_DECIDE` on every signal has to be judged, and those that were confirmed stay below
    it: else `ReviewRefused`.
    """
    judged = judged or {}
    with context.writing() as session:
        ticket, reply = rows.locked(session, ticket_id), latest_reply(session, ticket_id)
        found = _found(session, context, reply)
        ticket.move("accept_reply", context.actor, context.now(), reason)
        _refuse(Obstacle.UNDECIDED if is_undecided(found, judged) else None)
        _refuse(Obstacle.CONFIRMED if is_perfunctory(found, judged) else None)
        _reviewed(session, context, reply, ReplyState.ACCEPTED, _verdict(found, judged, reason))
        with session.no_autoflush:  # all that is pending is written once, with the follow-up
            drop_undecided(session, context, ticket, "accept_reply")
            follow_up = owe_all(session, context, ticket)
        for answered in (ticket, *ticket.merged):
            owe_letter(session, context, answered, Kind.ANSWER)
        session.execute(*_done(ticket_id, context.now()))
        rows.announce(session, context, ticket, "reply_accepted")
        return follow_up.id


@built_once
def _done(ticket_id: int, at: datetime) -> Update:
    done = update(Assignment).where(is_lead_of(ticket_id)).values(finished_at=at)
    return done.execution_options(synchronize_session=False)


def reject_reply(
    context: Context,
    ticket_id: int,
    reason: str,
    judged: Judged | None = None,
    grounds: Iterable[Ground] = (),
) -> None:
    """Back to the department (T28), with the grounds and what to do in words; the due time stays.

    Confirmed signals of `MUST_DECIDE` points make it perfunctory by themselves. Raises `ReviewRefused` where
    it is called perfunctory and every signal was said not to hold.
    """
    judged = judged or {}
    with context.writing() as session:
        ticket, reply = rows.locked(session, ticket_id), latest_reply(session, ticket_id)
        found = _found(session, context, reply)
        given = _grounds(found, judged, grounds)
        perfunctory = Ground.PERFUNCTORY in given
        times = queries.times_perfunctory(session, ticket_id) + 1 if perfunctory else None
        ticket.move(
            "reject_reply",
            context.actor,
            context.now(),
            reason.strip(),
            rejection_grounds=given,
            times_perfunctory=times,
        )
        if perfunctory and found and not any(judged.get(one.signal, True) for one in found):
            raise ReviewRefused(Obstacle.NOTHING_CONFIRMED)
        verdict = _verdict(found, judged, reason, given)
        _reviewed(session, context, reply, ReplyState.REJECTED, verdict)
        rows.announce(session, context, ticket, "reply_rejected")
        if times is not None:
            _propose(session, context, ticket, verdict, times)


def is_undecided(found: Sequence[Found], judged: Judged) -> bool:
    """Whether a signal has to be judged and is not."""
    return score(found) >= MUST_DECIDE and not {one.signal for one in found} <= judged.keys()


def is_perfunctory(found: Sequence[Found], judged: Judged) -> bool:
    """Whether what was confirmed weighs enough."""
    return score(one for one in found if judged.get(one.signal)) >= MUST_DECIDE


def _found(session: Session, context: Context, reply: Reply | None) -> list[Found]:
    return queries.signals_of(session, reply, context.now()) if reply else []


def _grounds(found: Sequence[Found], judged: Judged, named: Iterable[Ground]) -> list[Ground]:
    """In the order of `Ground`; `OTHER` where none is named."""
    given = {*named, *([Ground.PERFUNCTORY] if is_perfunctory(found, judged) else [])}
    return [ground for ground in Ground if ground in (given or {Ground.OTHER})]


def _verdict(
    found: Sequence[Found], judged: Judged, reason: str, grounds: Sequence[Ground] = ()
) -> ReplyVerdict:
    verdict = ReplyVerdict(score=score(found), reason=reason.strip(), grounds=list(grounds))
    verdict.accepted, verdict.perfunctory = not grounds, Ground.PERFUNCTORY in grounds
    verdict.signals = [
        JudgedSignal(
            signal=one.signal,
            weight=one.weight,
            spans=[vars(span) for span in one.spans],
            about=one.about,
            confirmed=judged.get(one.signal),
        )
        for one in found
    ]
    return verdict


def _reviewed(
    session: Session, context: Context, reply: Reply | None, state: ReplyState, verdict: ReplyVerdict
) -> None:
    assert reply is not None  # noqa: S101 (no ticket is replied to without one, says the guard of T27)
    reply.state, reply.reviewed_at, reply.reviewed_by_id = state, context.now(), context.actor.user_id
    verdict.reply, verdict.ticket_id, verdict.department_id = reply, reply.ticket_id, reply.department_id
    verdict.at, verdict.by_id = context.now(), context.actor.user_id
    session.add(verdict)


def _propose(session: Session, context: Context, ticket: Ticket, verdict: ReplyVerdict, times: int) -> None:
    """From the second time on, unless a proposal waits already."""
    if times < PROPOSES_AT or queries.waiting_proposals(session, ticket.id):
        return
    session.flush()
    session.add(
        PerfunctoryProposal(
            ticket_id=ticket.id,
            department_id=verdict.department_id,
            verdict_id=verdict.id,
            times=times,
            proposed_at=context.now(),
        )
    )
    ticket.note("supervision_proposed", SYSTEM, context.now(), times_perfunctory=times)
    rows.announce(session, context, ticket, "supervision_proposed")


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle is not None:
        raise ReviewRefused(obstacle)
