"""The one gate for calls out, and alarms."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.rules import OutgoingRefused, OutgoingRules, Purpose, Reason
from hotline.context import Context
from hotline.line_security.models import AlarmKind, LineAlarm, OutgoingCall
from hotline.people.actors import Role
from hotline.undone import NothingToUndo, must_be_last

MINUTE = timedelta(minutes=1)
WATCHERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
_UNLIMITED = (Purpose.EMERGENCY, Purpose.DIRECTORY)

_log = structlog.get_logger(__name__)


def permit(session: Session, context: Context, number: str, purpose: Purpose, listed: bool = False) -> str:
    """The digits to dial for whoever acts, counted against their limit. Raises `OutgoingRefused`.

    Runs in the caller's writing transaction: a call that is not ordered after all is not counted. `listed`
    says that the number stands in the directory. The system has no limit: what it dials, it was told to.
    """
    digits = allowed(context, number, purpose, listed)
    if context.actor.user_id is not None:
        _count(session, context, purpose)
    session.add(OutgoingCall(at=context.now(), user_id=context.actor.user_id, purpose=purpose))
    session.flush()
    return digits


def allowed(context: Context, number: str, purpose: Purpose, listed: bool = False) -> str:
    """The digits to dial for whoever acts, by the rules alone: nothing is counted. Raises `OutgoingRefused`,
    and logs the reason, never the number."""
    rules = OutgoingRules(context.settings.outgoing_patterns, context.settings.outgoing_span)
    local = context.now().astimezone(context.settings.zone).time()
    try:
        return rules.check(number, purpose, context.actor.roles, local, listed)
    except OutgoingRefused as refusal:
        _log.warning("outgoing.refused", reason=refusal.reason, purpose=purpose, user=context.actor.user_id)
        raise


def _count(session: Session, context: Context, purpose: Purpose) -> None:
    """The limit holds back no call for help, and none to the directory: a conference has many of them."""
    user_id, limit = context.actor.user_id, context.settings.outgoing_calls_a_minute
    recent = select(func.count(OutgoingCall.id)).where(
        OutgoingCall.user_id == user_id, OutgoingCall.at > context.now() - MINUTE
    )
    made = session.scalar(recent) or 0
    if made >= limit and purpose not in _UNLIMITED:
        _log.warning("outgoing.refused", reason=Reason.TOO_MANY, user=user_id)
        raise OutgoingRefused(Reason.TOO_MANY)
    if made + 1 == limit:
        raise_alarm(session, context, AlarmKind.TOO_MANY_CALLS, f"user:{user_id}", limit)


def raise_alarm(session: Session, context: Context, kind: AlarmKind, subject: str, count: int = 1) -> None:
    """Say that something happened `count` times; an open alarm of the same subject counts on."""
    open_one = select(LineAlarm).where(
        LineAlarm.kind == kind, LineAlarm.subject == subject, LineAlarm.seen_at.is_(None)
    )
    alarm = session.scalar(open_one.with_for_update())
    if alarm is None:
        alarm = LineAlarm(kind=kind, subject=subject, count=0, first_at=context.now())
        session.add(alarm)
    alarm.count += count
    alarm.last_at = context.now()
    session.flush()
    events.record(session, context.now(), "line.alarm", f"line_alarm:{alarm.id}", alarm=kind)


def bad_registrations(context: Context, address: str, count: int) -> None:
    """An address has tried so many wrong passwords."""
    with context.writing() as session:
        raise_alarm(session, context, AlarmKind.BAD_REGISTRATIONS, address[:60], count)


def alarm_seen(context: Context, alarm_id: int) -> datetime:
    """Somebody has looked at it. Told twice, the first stays. Returns when it was looked at."""
    context.actor.must_have("see to an alarm of the line", *WATCHERS)
    with context.writing() as session:
        alarm = session.get_one(LineAlarm, alarm_id)
        if alarm.seen_at is None:
            alarm.seen_at, alarm.seen_by_id = context.now(), context.actor.user_id
        return alarm.seen_at


def alarm_unseen(context: Context, alarm_id: int, seen_at: datetime) -> None:
    """It was marked by a slip, and stands as before.

    Raises `NothingToUndo` where somebody else marked it, or the same has happened since: a new alarm says so.
    """
    context.actor.must_have("see to an alarm of the line", *WATCHERS)
    with context.writing() as session:
        alarm = session.get(LineAlarm, alarm_id, with_for_update=True)
        if alarm is None:
            raise NothingToUndo
        must_be_last(context.actor, alarm.seen_at, alarm.seen_by_id, seen_at)
        alarm.seen_at, alarm.seen_by_id = None, None
        try:
            session.flush()
        except IntegrityError:  # one open alarm a kind and subject
            raise NothingToUndo from None


def open_alarms(session: Session) -> Sequence[LineAlarm]:
    """Alarms that nobody has looked at, the newest first."""
    query = select(LineAlarm).where(LineAlarm.seen_at.is_(None)).order_by(LineAlarm.last_at.desc())
    return session.scalars(query).all()
