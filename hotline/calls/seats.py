"""Agents' seats: what agents want and what the telephone says. All of it may be told twice."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallLeg, Seat, SeatLine, SeatState
from hotline.calls.ports import SeatControl
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.people.actors import Role
from hotline.people.models import User
from hotline.queueing.models import Skill

LONGEST_REASON = 60
ENGAGED = (SeatState.RINGING, SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP)
"""What calls make of a seat; what it is otherwise, agents, supervisors and telephones say."""
_GOES_BACK_TO = (SeatState.OFFLINE, SeatState.PAUSED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownSeat(LookupError):
    """No user has this extension."""


def sign_on(context: Context, control: SeatControl, extension: str) -> None:
    """The agent wants calls.

    Raises `TelephoneAway` when the PBX does not take it, `NoTelephone` when nothing would ring; then nothing
    has changed.
    """
    context.actor.must_have("take calls", Role.AGENT)
    control.make_ready(extension)
    with context.writing() as session:
        seat = seat_of(session, extension)
        seat.misses, seat.next_state = 0, None
        if seat.state not in (SeatState.RINGING, SeatState.TALKING):  # a caller who waited was faster
            set_seat(session, context, seat, SeatState.READY)


def pause(context: Context, control: SeatControl, extension: str, reason: str) -> None:
    """The agent wants no calls for a while; a reason is required."""
    context.actor.must_have("pause", Role.AGENT, Role.SUPERVISOR)
    if not reason.strip():
        raise ValueError("a pause has a reason")
    control.pause(extension, reason.strip()[:LONGEST_REASON])
    seat_changed(context, extension, SeatState.PAUSED, reason.strip()[:LONGEST_REASON])


def sign_off(context: Context, control: SeatControl, extension: str) -> None:
    """The agent goes home."""
    control.sign_off(extension)
    seat_changed(context, extension, SeatState.OFFLINE)


def withdraw(context: Context, control: SeatControl, extension: str, reason: str = "") -> None:
    """A supervisor wants this seat to take no more calls: paused with `reason`, or without one signed off.

    A call that goes on, and its wrap-up, are not touched: the seat's state follows when they are over.
    """
    context.actor.must_have("withdraw a seat", Role.SUPERVISOR)
    state = SeatState.PAUSED if reason else SeatState.OFFLINE
    if reason:
        control.pause(extension, reason)
    else:
        control.sign_off(extension)
    with context.writing() as session:
        seat = seat_of(session, extension)
        if seat.state not in ENGAGED:
            set_seat(session, context, seat, state, reason=reason)
            return
        seat.next_state, seat.next_reason = state, reason
        facts = {"state": seat.state, "reason": seat.reason}
        events.record(session, context.now(), "seat.changed", f"seat:{extension}", **facts)


def seat_changed(context: Context, extension: str, state: SeatState, reason: str = "") -> None:
    """The PBX or the agent says what the seat does now."""
    with context.writing() as session:
        set_seat(session, context, seat_of(session, extension), state, reason=reason)


def seat_registered(context: Context, extension: str, registered: bool) -> None:
    """The seat's telephone is, or is no longer, registered at this process's Asterisk."""
    with context.writing() as session:
        seat = seat_of(session, extension)
        pbx = context.settings.pbx_name
        if registered:
            insert_unless_there(session, SeatLine, seat_id=seat.id, pbx=pbx)
        else:
            session.execute(delete(SeatLine).where(SeatLine.seat_id == seat.id, SeatLine.pbx == pbx))
        weigh_lines(session, context, seat)


def weigh_lines(session: Session, context: Context, seat: Seat) -> None:
    """A seat can be reached while it is registered at any Asterisk."""
    registered = session.scalar(select(SeatLine.pbx).where(SeatLine.seat_id == seat.id)) is not None
    if seat.registered != registered:
        seat.registered = registered
        subject = f"seat:{seat.extension}"
        events.record(session, context.now(), "seat.registered", subject, registered=registered)


def free_seat(session: Session, context: Context, seat: Seat) -> None:
    if seat.state in (SeatState.TALKING, SeatState.BROKEN):
        start_wrap_up(session, context, seat)
    elif seat.state is SeatState.RINGING:
        set_seat(session, context, seat, SeatState.READY)


def start_wrap_up(session: Session, context: Context, seat: Seat) -> None:
    """The call stays on the seat during wrap-up: its draft is still being written.

    `hotline.calls.reachability.end_wrap_up` ends it.
    """
    until = context.now() + wrap_up_time(session, context, seat)
    set_seat(session, context, seat, SeatState.WRAP_UP, call=seat.call)
    seat.wrap_up_until_at = until


def wrap_up_time(session: Session, context: Context, seat: Seat) -> timedelta:
    """As the agent's seat says, else the line of the call, else the settings."""
    seconds = seat.wrap_up_seconds
    if seconds is None and seat.call is not None and seat.call.skill:
        seconds = session.scalar(select(Skill.wrap_up_seconds).where(Skill.code == seat.call.skill))
    return timedelta(seconds=context.settings.wrap_up_seconds if seconds is None else seconds)


def set_seat(
    session: Session,
    context: Context,
    seat: Seat,
    state: SeatState,
    call: Call | None = None,
    reason: str = "",
) -> None:
    if state is SeatState.READY and seat.next_state is not None:
        state, reason = seat.next_state, seat.next_reason
    if state not in ENGAGED:
        seat.next_state, seat.next_reason = None, ""
    if seat.state is SeatState.WRAP_UP and state is not SeatState.WRAP_UP:
        _note_wrap_up(session, seat, context.now())
    if seat.state is not state or seat.reason != reason:
        seat.since_at = context.now()
    seat.state, seat.reason, seat.call = state, reason, call
    facts = {"state": state, "reason": reason}
    events.record(session, context.now(), "seat.changed", f"seat:{seat.extension}", **facts)


def goes_back(seat: Seat) -> None:
    """Paused or away, and a call comes nevertheless: afterwards it is again what it is now."""
    if seat.state in _GOES_BACK_TO:
        seat.next_state, seat.next_reason = seat.state, seat.reason


def _note_wrap_up(session: Session, seat: Seat, until: datetime) -> None:
    """The wrap-up belongs to the leg of this agent that ended last."""
    query = select(CallLeg).where(CallLeg.call_id == seat.call_id, CallLeg.extension == seat.extension)
    leg = session.scalars(query.order_by(CallLeg.id.desc()).limit(1)).first()
    if leg is not None:
        leg.wrap_seconds = max(0.0, (until - seat.since_at).total_seconds())


def seat_of(session: Session, extension: str) -> Seat:
    """The seat of this extension; made when it is first heard of. Raises `UnknownSeat`."""
    query = select(Seat).where(Seat.extension == extension)
    if seat := session.scalar(query):
        return seat
    user = session.scalar(select(User).where(User.extension == extension))
    if user is None:
        raise UnknownSeat(f"no user has extension {extension}")
    since_at = user.last_login_at or _EPOCH
    insert_unless_there(session, Seat, user_id=user.id, extension=extension, since_at=since_at)
    return session.scalars(query).one()
