"""Owed callbacks: asked for, given their turn in the line, tried, done."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.callbacks import queries
from hotline.callbacks.models import CallbackAttempt, CallbackOutcome
from hotline.callbacks.rules import MOST_TRIES, REASON_AT_MOST, callable_at, next_try
from hotline.calls.models import (
    Call,
    CallbackReason,
    CallbackState,
    CallEnd,
    CallState,
    OwedCallback,
)
from hotline.calls.owed import CALLED_AGAIN, CALLED_BACK
from hotline.calls.ports import (
    NotDialable,
    NoTelephone,
    NotInLine,
    OutgoingControl,
    OwedCall,
    TelephoneAway,
)
from hotline.calls.rules import OutgoingRefused, Purpose, Reason
from hotline.contacts.rules import caller_number
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.line_security.service import permit
from hotline.people.actors import Role
from hotline.queueing.rules import queue_of
from hotline.undone import NothingToUndo, must_be_last

STARTING_LASTS = timedelta(minutes=1)
CALLBACK = "callback-"
"""How the linkedids of callbacks begin."""
ROLES = (Role.AGENT, Role.CALLBACK_AGENT, Role.SUPERVISOR)


class CallbackGone(Exception):
    """It is done, or somebody else is calling just now."""


class CallbackDialled(CallbackGone):
    """Its citizen is being dialled just now: what comes of it is known in a moment."""


class NumberRefused(ValueError):
    """Nobody can be called back there: withheld, or no telephone number. The text does not repeat it."""


@dataclass(frozen=True)
class _Begun:
    """A try that has been written down and not yet dialled."""

    owed_id: int
    number: str
    linkedid: str
    place_at: datetime
    queue: str


def request(context: Context, linkedid: str, number: str = "") -> datetime:
    """The caller asks to be called back and keeps the place in the line; returns that place.

    `number` is what was keyed in where none was shown. One a number: asked again, the better place stays.
    Raises `NumberRefused`, and `LookupError` for a call that nobody opened.
    """
    with context.writing() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        if call is None:
            raise LookupError("no such call")
        wanted = caller_number(number).number if number else call.contact.number
        if not wanted:
            raise NumberRefused("no number")
        facts = {"state": CallbackState.WAITING, "reason": CallbackReason.REQUESTED, "skill": call.skill}
        times = {"owed_at": context.now(), "joined_at": call.place_at, "due_at": context.now()}
        insert_unless_there(session, OwedCallback, call_id=call.id, number=wanted, **facts, **times)
        where = (OwedCallback.number == wanted, OwedCallback.done_at.is_(None))
        owed = session.scalars(select(OwedCallback).where(*where)).one()
        owed.reason, owed.owed_at = CallbackReason.REQUESTED, context.now()
        owed.joined_at = min(owed.joined_at, call.place_at)
        if owed.state is not CallbackState.CALLING:
            owed.state, owed.due_at = CallbackState.WAITING, context.now()
        if not call.contact.number:
            call.contact.number = wanted
        _announce(session, context, owed)
        return owed.joined_at


def take_turns(context: Context, control: OutgoingControl) -> int:
    """One sweep: let callbacks stand in the line, as many as agents are at work. Returns how many joined."""
    settle_lost(context)
    _let_overtaken_go(context, control)
    with context.reading() as session:
        ids = [owed.id for owed in queries.due(session, context.now(), queries.room(session))]
    return sum(_place(context, control, owed_id) for owed_id in ids)


def _let_overtaken_go(context: Context, control: OutgoingControl) -> None:
    """Whoever was faster than their callback is not called as well: it leaves the line, and is done once they
    have talked."""
    with context.reading() as session:
        overtaken = queries.overtaken(session)
    for owed_id, linkedid, has_talked in overtaken:
        try:
            control.call_off(linkedid)
        except (NotInLine, TelephoneAway):
            continue  # dialled by now; what comes of it is told
        if has_talked:
            with context.writing() as session:
                owed = session.get_one(OwedCallback, owed_id)
                if owed.done_at is None:
                    _done(session, context, owed, CALLED_AGAIN)


def _place(context: Context, control: OutgoingControl, owed_id: int) -> bool:
    if _put_off_till_morning(context, owed_id):
        return False
    try:
        _dial(context, control, _begin(context, owed_id, (CallbackState.WAITING,)))
    except OutgoingRefused as refused:
        _give_to_a_person(context, owed_id, refused.reason)
        return False
    except (CallbackGone, TelephoneAway, NotDialable):
        return False
    return True


def _give_to_a_person(context: Context, owed_id: int, reason: Reason) -> None:
    """A number that the hotline calls for nobody, a foreign one perhaps: it stays owed, and is shown."""
    with context.writing() as session:
        owed = session.get_one(OwedCallback, owed_id)
        owed.state, owed.due_at = CallbackState.PERSON, None
        facts = {"state": owed.state, "refused": reason}
        events.record(session, context.now(), "callback.changed", f"callback:{owed.id}", **facts)


def call_now(context: Context, control: OutgoingControl, owed_id: int, extension: str) -> None:
    """An agent calls one back out of turn, at their own telephone.

    Raises `CallbackGone`, `NoTelephone`, `TelephoneAway` or `NotDialable` (`OutgoingRefused` by the rules for
    calls out); then it is owed as before.
    """
    context.actor.must_have("call back", *ROLES)
    with context.reading() as session:
        if not queries.has_telephone(session, extension):
            raise NoTelephone(extension)
    begun = _begin(context, owed_id, (CallbackState.WAITING, CallbackState.PERSON))
    _dial(context, control, begun, extension)


def mark_done(context: Context, control: OutgoingControl, owed_id: int, reason: str) -> datetime:
    """It need not be called any more; why is kept. One that stands in the line gives its place up. Returns
    the moment, by which it can be taken back.

    Raises `CallbackGone`, `CallbackDialled`, `TelephoneAway`, `ValueError` without a reason."""
    context.actor.must_have("settle a callback", *ROLES)
    if not reason.strip():
        raise ValueError("a reason is needed")
    with context.reading() as session:
        begun = queries.open_try(session, owed_id)
    if begun is not None:
        _call_off(control, begun.linkedid)
    with context.writing() as session:
        owed, now = session.get_one(OwedCallback, owed_id), queries.open_try(session, owed_id)
        if owed.state is CallbackState.DONE or (now is not None and (begun is None or now.id != begun.id)):
            raise CallbackGone(f"callback {owed_id}")
        _done(session, context, owed, reason.strip()[:REASON_AT_MOST])
        owed.done_by_id = context.actor.user_id
        return owed.done_at or context.now()


def _call_off(control: OutgoingControl, linkedid: str) -> None:
    try:
        control.call_off(linkedid)
    except NotInLine as refused:
        raise (CallbackDialled if refused.dialled else CallbackGone)(linkedid) from refused


def owe_again(context: Context, owed_id: int, done_at: datetime) -> None:
    """`mark_done` was a slip: it is owed again, at its place in the line.

    Raises `NothingToUndo` where somebody else did it or something else has happened: where the number is owed
    another callback by now, as one that called once more, it has that one.
    """
    context.actor.must_have("settle a callback", *ROLES)
    with context.writing() as session:
        owed = session.get(OwedCallback, owed_id, with_for_update=True)
        if owed is None:
            raise NothingToUndo
        must_be_last(context.actor, owed.done_at, owed.done_by_id, done_at)
        owed.state, owed.due_at = CallbackState.WAITING, context.now()
        owed.done_at, owed.done_by_id, owed.done_reason = None, None, ""
        try:
            _announce(session, context, owed)
        except IntegrityError:  # one open callback a number
            raise NothingToUndo from None


def tried(context: Context, linkedid: str, outcome: CallbackOutcome) -> None:
    """What the try came to. Told again, nothing happens."""
    with context.writing() as session:
        attempt = _attempt(session, linkedid)
        if attempt is not None and attempt.outcome is None:
            _end(session, context, attempt, outcome)


def settle_lost(context: Context) -> int:
    """Tries that are over and of which nobody told the outcome, or that never began. Returns how many."""
    query = select(CallbackAttempt).join(Call).where(CallbackAttempt.outcome.is_(None))
    with context.reading() as session:
        if session.scalars(query.limit(1)).first() is None:
            return 0
    with context.writing() as session:
        count = 0
        for attempt in session.scalars(query):
            call = attempt.call
            never_began = call.state is CallState.GREETING
            if never_began and call.started_at <= context.now() - STARTING_LASTS:
                call.state, call.end, call.ended_at = CallState.ENDED, CallEnd.CUT_OFF, context.now()
            if call.state is CallState.ENDED:
                nobody = CallbackOutcome.NO_AGENT if call.answered_at is None else CallbackOutcome.FAILED
                _end(session, context, attempt, nobody)
                count += 1
        return count


def _put_off_till_morning(context: Context, owed_id: int) -> bool:
    with context.writing() as session:
        owed = session.get_one(OwedCallback, owed_id)
        at = callable_at(context, context.now(), owed.owed_at)
        if at <= context.now():
            return False
        owed.due_at = at
        return True


def _begin(context: Context, owed_id: int, states: tuple[CallbackState, ...]) -> _Begun:
    """Take it for one try. Raises `CallbackGone` if somebody was faster, `OutgoingRefused`."""
    with context.writing() as session:
        claim = update(OwedCallback).where(OwedCallback.id == owed_id, OwedCallback.state.in_(states))
        claim = claim.values(state=CallbackState.CALLING, due_at=None)
        if session.execute(claim).rowcount == 0:  # type: ignore[attr-defined]
            raise CallbackGone(f"callback {owed_id}")
        owed = session.get_one(OwedCallback, owed_id)
        permit(session, context, owed.number, Purpose.CALLBACK)
        call = _call_for(context, owed)
        session.add(
            CallbackAttempt(owed=owed, call=call, started_at=context.now(), by_id=context.actor.user_id)
        )
        _announce(session, context, owed)
        return _Begun(owed.id, owed.number, call.linkedid, owed.joined_at, queue_of(owed.skill))


def _call_for(context: Context, owed: OwedCallback) -> Call:
    """The telephone call of a try. It belongs to the contact of the call that reached nobody: the agent
    gets that one's draft."""
    now = context.now()
    return Call(
        linkedid=f"{CALLBACK}{int(now.timestamp())}.{secrets.randbelow(10**9)}",
        contact_id=owed.call.contact_id,
        dialled=owed.call.dialled,
        tongue=owed.call.tongue,
        started_at=now,
        outgoing=True,
        skill=owed.skill,
        head_start_seconds=max(0, int((now - owed.joined_at).total_seconds())),
        pbx=context.settings.pbx_name,
    )


def _dial(context: Context, control: OutgoingControl, begun: _Begun, extension: str = "") -> None:
    order = OwedCall(begun.number, begun.linkedid, begun.place_at, begun.queue, extension)
    try:
        control.call_back(order)
    except NotDialable:
        _never_was(context, begun, CallbackState.PERSON, CallbackOutcome.FAILED)
        raise
    except TelephoneAway:
        _never_was(context, begun, CallbackState.WAITING, CallbackOutcome.NO_AGENT)
        raise


def _never_was(context: Context, begun: _Begun, state: CallbackState, outcome: CallbackOutcome) -> None:
    with context.writing() as session:
        attempt = _attempt(session, begun.linkedid)
        assert attempt is not None  # noqa: S101  written a moment ago
        attempt.outcome, attempt.ended_at = outcome, context.now()
        call = attempt.call
        call.state, call.end, call.ended_at = CallState.ENDED, CallEnd.CUT_OFF, context.now()
        attempt.owed.state = state
        attempt.owed.due_at = context.now() + STARTING_LASTS if state is CallbackState.WAITING else None
        _announce(session, context, attempt.owed)


def _attempt(session: Session, linkedid: str) -> CallbackAttempt | None:
    return session.scalar(select(CallbackAttempt).join(Call).where(Call.linkedid == linkedid))


def _end(session: Session, context: Context, attempt: CallbackAttempt, outcome: CallbackOutcome) -> None:
    """Recorded; then done, in the line again, or given to a person after three tries."""
    attempt.outcome, attempt.ended_at = outcome, context.now()
    owed = attempt.owed
    if outcome is CallbackOutcome.ANSWERED:
        attempt.answered_at = context.now()
        _done(session, context, owed, CALLED_BACK)
        owed.done_by_id = attempt.call.agent_id
        return
    session.flush()
    tries = [try_ for try_ in queries.attempts_of(session, owed.id) if try_.outcome not in _UNCOUNTED]
    if owed.state is CallbackState.DONE:
        return
    if len(tries) >= MOST_TRIES:
        owed.state, owed.due_at = CallbackState.PERSON, None
    else:
        owed.state, owed.due_at = CallbackState.WAITING, next_try(context, outcome, owed.owed_at)
    _announce(session, context, owed)


_UNCOUNTED = (None, CallbackOutcome.NO_AGENT)


def _done(session: Session, context: Context, owed: OwedCallback, reason: str) -> None:
    owed.state, owed.due_at = CallbackState.DONE, None
    owed.done_at, owed.done_reason = context.now(), reason
    _announce(session, context, owed)


def _announce(session: Session, context: Context, owed: OwedCallback) -> None:
    session.flush()
    events.record(session, context.now(), "callback.changed", f"callback:{owed.id}", state=owed.state)
