"""Seats in reserve: people at their desks with other work, who take calls while surge mode is on.

Who pauses for `RESERVE` says so. While a surge is on, as many of them as the call plan wants (`extra_seats`)
become ready members of the queues, those first who have been in reserve longest; after it they are in reserve
again, a call that goes on is ended first. Nobody else's pause is touched.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.call_plan.queries import live_plan, surge
from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import NoTelephone, SeatControl
from hotline.calls.reachability import UNREACHABLE
from hotline.calls.seats import seat_of, set_seat
from hotline.context import Context

RESERVE = "reserve"
"""Reason of a pause: ready for a surge."""
_AWAY = (SeatState.PAUSED, SeatState.OFFLINE)


def keep_reserve(context: Context, control: SeatControl) -> int:
    """One sweep: call seats in while a surge is on, send them back after it. Returns how many changed.

    Raises `TelephoneAway`; the seats that were not reached stay as they are.
    """
    with context.reading() as session:
        is_on, called = surge(session) is not None, _called_in(session)
        wanted = live_plan(session, context.settings).plan.surge.extra_seats if is_on else 0
        waiting = _in_reserve(session, max(0, wanted - len(called)))
    if not is_on:
        return sum(_send_back(context, control, seat.extension) for seat in called)
    left = sum(_forget(context, seat.extension) for seat in called if _has_left(seat))
    return left + sum(_call_in(context, control, extension) for extension in waiting)


def called_in(session: Session) -> int:
    """How many seats take calls because of the surge."""
    query = select(func.count()).select_from(Seat).where(Seat.called_in, Seat.state.not_in(_AWAY))
    return session.scalar(query) or 0


def _called_in(session: Session) -> Sequence[Seat]:
    return session.scalars(select(Seat).where(Seat.called_in).order_by(Seat.id)).all()


def _in_reserve(session: Session, at_most: int) -> Sequence[str]:
    here = (Seat.state == SeatState.PAUSED, Seat.reason == RESERVE, Seat.registered)
    query = select(Seat.extension).where(*here).order_by(Seat.since_at, Seat.id)
    return session.scalars(query.limit(at_most)).all()


def _has_left(seat: Seat) -> bool:
    """By the agent's own will; whose telephone is away for a moment has not."""
    return seat.state in _AWAY and seat.reason != UNREACHABLE


def _call_in(context: Context, control: SeatControl, extension: str) -> bool:
    try:
        control.make_ready(extension)
    except NoTelephone:
        return False
    with context.writing() as session:
        seat = seat_of(session, extension)
        if (seat.state, seat.reason) == (
            SeatState.PAUSED,
            RESERVE,
        ):  # else a caller, or the agent, was faster
            set_seat(session, context, seat, SeatState.READY)
            seat.misses = 0  # of before: who has chosen to be in reserve since is there
        seat.called_in = seat.state not in _AWAY
        return seat.called_in


def _send_back(context: Context, control: SeatControl, extension: str) -> bool:
    with context.reading() as session:
        if _has_left(seat_of(session, extension)):
            return _forget(context, extension)
    control.pause(extension, RESERVE)
    with context.writing() as session:
        seat = seat_of(session, extension)
        seat.called_in = False
        if seat.state in (SeatState.READY, SeatState.PAUSED):
            set_seat(session, context, seat, SeatState.PAUSED, reason=RESERVE)
        elif seat.state is not SeatState.OFFLINE:
            seat.next_state, seat.next_reason = SeatState.PAUSED, RESERVE
    return True


def _forget(context: Context, extension: str) -> bool:
    with context.writing() as session:
        seat_of(session, extension).called_in = False
    return True
