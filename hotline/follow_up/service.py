"""Asking the citizen: dial, take the answers, close or hand on."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from hotline.built_once import built_once
from hotline.calls.ports import CallControl, NotDialable, TelephoneAway
from hotline.calls.rules import OutgoingRefused, Purpose, Reason
from hotline.context import Context
from hotline.deadlines.queries import reckoner
from hotline.deadlines.rules import Reckoner
from hotline.dispatch.queries import lead_assignment
from hotline.follow_up import closing, queries, together
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.rules import MOST_ATTEMPTS, Finding, Verdict, next_call_at, verdict
from hotline.line_security.service import permit
from hotline.people.actors import SYSTEM, NotPermitted, Role, citizen
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import State

FOLLOW_UP = "follow-up-"
"""The identity of every call that asks a citizen begins with this."""
CALL_LASTS_AT_MOST = timedelta(minutes=10)  # a call that nobody reported on is over after this


class NotDue(Exception):
    """Somebody else is calling this citizen, or the follow-up is done."""


@dataclass(frozen=True)
class StartedAttempt:
    """What is needed to dial, or why the number may not be dialled."""

    attempt_id: int
    number: str
    channel_id: str
    refused: OutgoingRefused | None = None


def dial_due(context: Context, control: CallControl, limit: int = 20) -> int:
    """One sweep over due follow-ups: dial each. Returns how many calls were placed."""
    with context.reading() as session:
        ids = queries.due(session, context.now(), limit)
    return sum(_dialled(context, control, follow_up_id) for follow_up_id in ids)


def _dialled(context: Context, control: CallControl, follow_up_id: int) -> bool:
    try:
        return dial(context, control, follow_up_id)
    except OutgoingRefused:  # recorded, and with a person now
        return False


def dial(context: Context, control: CallControl, follow_up_id: int) -> bool:
    """Dial one follow-up. False if another worker has it or the PBX did not take it (it stays due).

    Raises `OutgoingRefused` where the rules do not allow the number; that is recorded as the try's outcome.
    """
    try:
        started = begin_attempt(context, follow_up_id)
    except NotDue:
        return False
    if started.refused is not None:
        _refuse(context, started.attempt_id, started.refused.reason)
        raise started.refused
    if not started.number:
        _nobody_to_call(context, started.attempt_id)
        return False
    try:
        control.call_citizen(started.number, started.attempt_id, started.channel_id)
    except NotDialable:
        _hand_to_a_person(context, started.attempt_id)
        return False
    except TelephoneAway:
        _take_back(context, started.attempt_id)
        return False
    return True


def begin_attempt(context: Context, follow_up_id: int) -> StartedAttempt:
    """Take a due follow-up for one try, and ask the rules for calls out, which count it. Raises `NotDue` if
    somebody was faster."""
    with context.writing() as session:
        attempt = _begin(session, context, follow_up_id)
        number, refused = attempt.follow_up.ticket.complainant_phone, None
        try:
            if number:
                permit(session, context, number, Purpose.FOLLOW_UP)
        except OutgoingRefused as why:
            refused = why
        session.flush()  # whoever dials is told the attempt's id
        return StartedAttempt(attempt.id, number, attempt.channel_id, refused)


def _begin(session: Session, context: Context, follow_up_id: int) -> Attempt:
    follow_up = session.scalar(*_claimed(follow_up_id, context.now() + CALL_LASTS_AT_MOST))
    if follow_up is None:
        raise NotDue(f"follow-up {follow_up_id}")
    ticket = rows.get(session, follow_up.ticket_id)
    rows.announce(session, context, ticket, "calling_back")
    attempt = Attempt(
        follow_up=follow_up,
        channel_id=f"{FOLLOW_UP}{follow_up_id}-{secrets.token_hex(6)}",
        started_at=context.now(),
        by_id=context.actor.user_id,
    )
    session.add(attempt)
    return attempt


@built_once
def _claimed(follow_up_id: int, until: datetime) -> ReturningUpdate[FollowUp]:
    claim = update(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.state == FollowUpState.DUE)
    return claim.values(state=FollowUpState.CALLING, due_at=until).returning(FollowUp)


def attempt_answered(context: Context, attempt_id: int) -> None:
    """The citizen picked up."""
    with context.writing() as session:
        session.scalars(*_answered(attempt_id, context.now())).one()


@built_once
def _answered(attempt_id: int, at: datetime) -> ReturningUpdate[int]:
    first = func.coalesce(Attempt.answered_at, at)
    answered = update(Attempt).where(Attempt.id == attempt_id).values(answered_at=first)
    return answered.returning(Attempt.id).execution_options(synchronize_session=False)


def record_answers(
    context: Context,
    attempt_id: int,
    solved: bool | None,
    satisfaction: int | None,
    digits: str = "",
    heard: str = "",
) -> None:
    """What the citizen answered, by key (`digits`) or by word (`heard`, as understood).

    `satisfaction` is 1 (very satisfied) to 5 (very dissatisfied); None where they hung up before. Nothing is
    assumed for what was not said.
    """
    _check(satisfaction)
    with context.writing() as session:
        attempt = _locked(session, attempt_id)
        if attempt.outcome is not None:
            return
        attempt.digits, attempt.heard = digits[:20], heard[:200]
        if solved is None:
            _end(session, context, attempt, AttemptOutcome.SILENT)
            return
        partial = satisfaction is None
        _close_attempt(context, attempt, AttemptOutcome.PARTIAL if partial else AttemptOutcome.ANSWERED)
        _take_answers(session, context, attempt.follow_up, solved, satisfaction)


def record_by_hand(
    context: Context, follow_up_id: int, solved: bool, satisfaction: int | None, note: str = ""
) -> None:
    """A callback agent spoke with the citizen. Never somebody of the handling department."""
    context.actor.must_have("call back", Role.CALLBACK_AGENT)
    _check(satisfaction)
    with context.writing() as session:
        attempt = _begin(session, context, follow_up_id)
        ticket = attempt.follow_up.ticket
        _must_be_neutral(context, ticket)
        attempt.answered_at = context.now()
        _close_attempt(context, attempt, AttemptOutcome.ANSWERED)
        ticket.note("called_back_by_hand", context.actor, context.now(), note.strip())
        _take_answers(session, context, attempt.follow_up, solved, satisfaction)


def _must_be_neutral(context: Context, ticket: Ticket) -> None:
    if together.judged(ticket).holder_id == context.actor.department_id:
        raise NotPermitted(context.actor, "call back for their own department")


def answer_on_page(
    context: Context, ticket_id: int, solved: bool, satisfaction: int | None, words: str = ""
) -> None:
    """The citizen answers on their own page, before anybody calls; `words` are what they add.

    Raises `NotDue` while somebody is calling them, or where no follow-up is owed any more.
    """
    _check(satisfaction)
    with context.writing() as session:
        owed = (FollowUp.ticket_id == ticket_id, FollowUp.state == FollowUpState.DUE)
        follow_up = session.scalar(select(FollowUp).where(*owed).with_for_update())
        if follow_up is None:
            raise NotDue(f"nothing is owed for ticket {ticket_id}")
        follow_up.ticket.note("rated_on_page", citizen(), context.now(), words)
        _take_answers(session, context, follow_up, solved, satisfaction)


def _check(satisfaction: int | None) -> None:
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise ValueError("satisfaction is 1 to 5")


def attempt_ended(context: Context, attempt_id: int, outcome: AttemptOutcome) -> None:
    """The try is over without an answer to the questions: recorded, and rescheduled or given up (T33)."""
    with context.writing() as session:
        attempt = _locked(session, attempt_id)
        if attempt.outcome is None:
            _end(session, context, attempt, outcome)


def _locked(session: Session, attempt_id: int) -> Attempt:
    """The try, its row locked: script, channel and sweep may tell of its end at the same moment."""
    return session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)


def channel_ended(context: Context, channel_id: str, outcome: AttemptOutcome) -> bool:
    """As `attempt_ended`, by the dialled channel. False if no try dialled it."""
    with context.reading() as session:
        attempt = queries.attempt_on_channel(session, channel_id)
    if attempt is None:
        return False
    attempt_ended(context, attempt.id, outcome)
    return True


def give_up_lost_calls(context: Context) -> int:
    """Tries that nobody has reported on for ten minutes count as failed by us. Returns how many."""
    with context.reading() as session:
        lost = select(Attempt.id).join(FollowUp).where(Attempt.outcome.is_(None))
        ids = session.scalars(
            lost.where(FollowUp.state == FollowUpState.CALLING, FollowUp.due_at <= context.now())
        ).all()
    for attempt_id in ids:
        attempt_ended(context, attempt_id, AttemptOutcome.FAILED)
    return len(ids)


def find(context: Context, follow_up_id: int, finding: Finding, reason: str) -> None:
    """Why the citizen says no: subjective causes go to rework (T31), objective ones close it as explained."""
    with context.writing() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        if follow_up.state is not FollowUpState.NEEDS_FINDING:
            raise NotDue(f"follow-up {follow_up_id} needs no finding")
        if follow_up.ticket.state is State.MERGED:  # the system moves it, for whoever may find out
            context.actor.must_have("find out why", Role.CALLBACK_AGENT)
            _must_be_neutral(context, follow_up.ticket)
        follow_up.finding = finding
        _conclude(session, context, follow_up, verdict(False, finding), reason.strip())


def redispatch(context: Context, ticket_id: int, reason: str) -> None:
    """A supervisor sends the ticket back to its department with half of the original limit (T32).

    A third time under special supervision only: raises `GuardFailed` else.
    """
    with context.writing() as session:
        ticket = rows.locked(session, ticket_id)
        due_at = _rework_due(session, context, ticket, reckoner(context))
        reworks = queries.reworks(session, [ticket_id]).get(ticket_id, 0)
        facts = {"due_at": due_at, "reworks": reworks}
        ticket.move("redispatch", context.actor, context.now(), reason.strip(), **facts)
        ticket.due_at = due_at
        if assignment := lead_assignment(session, ticket_id):
            assignment.due_at, assignment.finished_at = due_at or assignment.due_at, None
        rows.announce(session, context, ticket, "redispatched")


def _rework_due(session: Session, context: Context, ticket: Ticket, counting: Reckoner) -> datetime | None:
    """Half of what the dispatch promised, however often: a second rework has no quarter, and no more."""
    assignment = lead_assignment(session, ticket.id)
    if assignment is None:
        return None
    promised = [line.changes["due_at"] for line in ticket.history if line.event == "dispatch"]
    due_at = datetime.fromisoformat(promised[-1]) if promised else assignment.due_at
    return counting.rework_due(assignment.dispatched_at, due_at, context.now())


def _take_answers(
    session: Session, context: Context, follow_up: FollowUp, solved: bool, satisfaction: int | None
) -> None:
    ticket = rows.locked(session, follow_up.ticket_id)
    follow_up.solved, follow_up.satisfaction = solved, satisfaction
    who = citizen() if context.actor == SYSTEM else context.actor
    ticket.note("answered_follow_up", who, context.now(), solved=solved, satisfaction=satisfaction)
    if follow_up.state is FollowUpState.DROPPED:
        return
    ticket.solved, ticket.satisfaction = solved, satisfaction
    _conclude(session, context, follow_up, verdict(solved), "")


def _conclude(session: Session, context: Context, follow_up: FollowUp, decided: Verdict, reason: str) -> None:
    ticket, now = follow_up.ticket, context.now()
    follow_up.due_at = None
    if decided is Verdict.NEEDS_FINDING:
        follow_up.state = FollowUpState.NEEDS_FINDING
        rows.announce(session, context, ticket, "needs_finding")
        return
    follow_up.state, follow_up.done_at = FollowUpState.DONE, now
    if ticket.state is State.MERGED:
        together.conclude_child(session, context, ticket, decided, reason)
        return
    if decided is Verdict.REWORK:
        together.rework(session, context, ticket, reason)
        return
    closing.close(session, context, ticket, decided, reason)


def _close_attempt(context: Context, attempt: Attempt, outcome: AttemptOutcome) -> None:
    attempt.outcome, attempt.ended_at = outcome, context.now()


def _end(session: Session, context: Context, attempt: Attempt, outcome: AttemptOutcome) -> None:
    """Recorded; then the next half-day, or closed as unreached after three tries.

    A failure of our own does not count against the three: the citizen was never rung.
    """
    _close_attempt(context, attempt, outcome)
    follow_up = attempt.follow_up
    ticket = follow_up.ticket
    ticket.note("follow_up_attempt", context.actor, context.now(), outcome=outcome)
    if follow_up.state is FollowUpState.DROPPED:
        return
    tried = closing.tries(follow_up)
    if tried < MOST_ATTEMPTS:
        follow_up.state, follow_up.due_at = FollowUpState.DUE, next_call_at(context)
        rows.announce(session, context, ticket, "follow_up_rescheduled")
        return
    _close_unreached(session, context, follow_up, closing.UNREACHED, attempts=tried)


def _refuse(context: Context, attempt_id: int, reason: Reason) -> None:
    """The rules do not allow the number. Too many calls at once: later again; else a person looks."""
    if reason is Reason.TOO_MANY:
        _take_back(context, attempt_id)
        return
    with context.writing() as session:
        attempt = session.get_one(Attempt, attempt_id)
        _close_attempt(context, attempt, AttemptOutcome.REFUSED)
        attempt.follow_up.ticket.note("number_refused", context.actor, context.now(), rule=reason)
        _needs_a_person(session, context, attempt.follow_up)


def _hand_to_a_person(context: Context, attempt_id: int) -> None:
    """The number on the ticket is none: no machine will dial it again, the callback staff's list shows it."""
    with context.writing() as session:
        attempt = session.get_one(Attempt, attempt_id)
        _close_attempt(context, attempt, AttemptOutcome.FAILED)
        attempt.follow_up.ticket.note("number_not_dialable", context.actor, context.now())
        _needs_a_person(session, context, attempt.follow_up)


def _needs_a_person(session: Session, context: Context, follow_up: FollowUp) -> None:
    if follow_up.state is FollowUpState.DROPPED:
        return
    follow_up.state, follow_up.due_at = FollowUpState.DUE, None
    rows.announce(session, context, follow_up.ticket, "needs_a_person")


def _nobody_to_call(context: Context, attempt_id: int) -> None:
    """An anonymous citizen left no number: closed without a callback, and counted apart (C8)."""
    with context.writing() as session:
        attempt = session.get_one(Attempt, attempt_id)
        _close_attempt(context, attempt, AttemptOutcome.FAILED)
        _close_unreached(session, context, attempt.follow_up, closing.ANONYMOUS, no_number=True)


def _close_unreached(
    session: Session, context: Context, follow_up: FollowUp, outcome: str, **evidence: int | bool
) -> None:
    follow_up.state, follow_up.due_at = FollowUpState.UNREACHED, None
    follow_up.done_at = context.now()
    ticket = follow_up.ticket
    if ticket.state is State.MERGED:
        together.close_child(session, context, ticket, outcome, **evidence)
        return
    closing.close_unreached(session, context, ticket, outcome, **evidence)


def _take_back(context: Context, attempt_id: int) -> None:
    """The PBX did not take the call: the try never was, and the follow-up is due in a minute."""
    with context.writing() as session:
        attempt = session.get_one(Attempt, attempt_id)
        follow_up = attempt.follow_up
        if follow_up.state is not FollowUpState.DROPPED:
            follow_up.state, follow_up.due_at = FollowUpState.DUE, context.now() + timedelta(minutes=1)
        _close_attempt(context, attempt, AttemptOutcome.FAILED)
