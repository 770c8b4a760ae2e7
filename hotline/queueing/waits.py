"""Telling callers who wait where they stand and how long it will take; the telling is measured."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.ports import TelephoneAway, WaitingControl, WaitToTell
from hotline.context import Context
from hotline.people.models import User
from hotline.queueing.estimates import Accuracy, Estimate, accuracy, expected_wait, mean_talk, told_minutes
from hotline.queueing.models import Skill, UserSkill

HALF_A_MINUTE = 30
"""What "less than one minute" is counted as."""
RECENT = timedelta(hours=2)
TALKS_COUNTED = 50
_WAITING = select(Call).where(Call.state == CallState.WAITING, Call.queued_at.is_not(None))
WORKING = (SeatState.READY, SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP)


def tell_waits(context: Context, control: WaitingControl) -> int:
    """One sweep: give every waiting caller's line what is to be said next. Returns how many changed."""
    with context.reading() as session:
        if not session.scalars(_WAITING.limit(1)).first():
            return 0
    with context.writing() as session:
        told = []
        for call, estimate in estimates(session, context):
            minutes = told_minutes(estimate.seconds)
            words = f"{estimate.position}/{'' if minutes is None else minutes}"
            if words == call.told:
                continue
            call.told = words
            if call.estimated_at is None and minutes is not None:
                call.estimated_seconds, call.estimated_at = minutes * 60 or HALF_A_MINUTE, context.now()
            told.append(WaitToTell(call.linkedid, estimate.position, estimate.seconds))
    if told:
        _announce(context, control, told)
    return len(told)


def _announce(context: Context, control: WaitingControl, told: Sequence[WaitToTell]) -> None:
    try:
        control.announce_waits(told)
    except TelephoneAway:
        with context.writing() as session:  # so that the next sweep tells them again
            linkedids = [wait.linkedid for wait in told]
            session.execute(update(Call).where(Call.linkedid.in_(linkedids)).values(told=""))
        raise


def estimates(session: Session, context: Context) -> list[tuple[Call, Estimate]]:
    """Every citizen who waits on the line, with place and expected wait; callbacks in the line count."""
    waiting = sorted(session.scalars(_WAITING), key=lambda call: (call.place_at, call.id))
    if not waiting:
        return []
    talk, staff = mean_talk(_talks(session, context)), _staff(session)
    found, ahead = [], defaultdict[str, int](int)
    for call in waiting:
        ahead[call.skill] += 1
        everybody = sum(ahead.values())
        position = ahead[call.skill] if call.skill else everybody
        seats = staff[call.skill] if call.skill in staff else staff[""]
        free = sum(seat is SeatState.READY for seat in seats)
        seconds = expected_wait(position, free, len(seats), talk)
        if not call.outgoing:
            found.append((call, Estimate(position, seconds)))
    return found


def said_and_waited(session: Session, since: datetime, spoken_after: timedelta) -> Accuracy:
    """How right we were with those who were answered since then, and who waited long enough to be told."""
    query = select(Call).where(Call.answered_at >= since, Call.estimated_at.is_not(None))
    pairs = [
        (float(call.estimated_seconds or 0), (call.answered_at - call.estimated_at).total_seconds())
        for call in session.scalars(query)
        if call.answered_at and call.estimated_at and call.queued_at
        if call.answered_at - call.queued_at >= spoken_after
    ]
    return accuracy(pairs)


def _talks(session: Session, context: Context) -> Sequence[float]:
    """Handling times of the last talks, wrap-up included, in seconds."""
    query = (
        select(Call.answered_at, Call.ended_at)
        .where(Call.answered_at.is_not(None), Call.ended_at >= context.now() - RECENT)
        .order_by(Call.ended_at.desc())
        .limit(TALKS_COUNTED)
    )
    wrap_up = context.settings.wrap_up_seconds
    return [
        (ended - answered).total_seconds() + wrap_up
        for answered, ended in session.execute(query)
        if answered and ended
    ]


def _staff(session: Session) -> dict[str, list[SeatState]]:
    """What the agents of each line do who are at work; of the general one (empty) all of them."""
    seats = select(Seat.user_id, Seat.state).where(Seat.state.in_(WORKING))
    at_work = {row[0]: row[1] for row in session.execute(seats)}
    staff: dict[str, list[SeatState]] = {"": list(at_work.values())}
    skilled = select(Skill.code, UserSkill.user_id).join(UserSkill).join(User)
    for code, user_id in session.execute(skilled.where(User.is_active)):
        if user_id in at_work:
            staff.setdefault(code, []).append(at_work[user_id])
    return staff
