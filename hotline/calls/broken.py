"""An agent's line broke in the middle of a talk, or the talk is over and the caller still on the line.

Told by the telephone side; every function may be told twice without harm.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.seats import seat_of, set_seat, start_wrap_up
from hotline.context import Context

_TALKED_JUST_NOW = (SeatState.TALKING, SeatState.WRAP_UP)


def call_broken(context: Context, linkedid: str, extension: str) -> None:
    """The caller hears music while the agent is fetched back; the call, and its draft, stay on the seat."""
    with context.writing() as session:
        call, seat = _live_call(session, linkedid), seat_of(session, extension)
        if call is None:
            return
        call.state = CallState.BROKEN
        if _is_at(seat, call) and seat.state in _TALKED_JUST_NOW:
            set_seat(session, context, seat, SeatState.BROKEN, call=call)
        _announce(session, context, call, "broken", extension=extension)


def agent_lost(context: Context, linkedid: str, extension: str) -> None:
    """The agent did not come back in time: the caller waits again, before everybody else."""
    with context.writing() as session:
        call, seat = _live_call(session, linkedid), seat_of(session, extension)
        if call is None:
            return
        call.state = CallState.WAITING
        if _is_at(seat, call) and seat.state is SeatState.BROKEN:
            start_wrap_up(session, context, seat)
        _announce(session, context, call, "waiting")


def call_parting(context: Context, linkedid: str) -> None:
    """The agent has hung up; the caller is asked how they were served, and hears goodbye."""
    with context.writing() as session:
        call = _live_call(session, linkedid)
        if call is not None and call.state is CallState.TALKING:
            call.state = CallState.PARTING
            _announce(session, context, call, "parting")


def _live_call(session: Session, linkedid: str) -> Call | None:
    return session.scalar(select(Call).where(Call.linkedid == linkedid, Call.state != CallState.ENDED))


def _is_at(seat: Seat, call: Call) -> bool:
    return seat.call_id == call.id


def _announce(session: Session, context: Context, call: Call, kind: str, **facts: object) -> None:
    events.record(session, context.now(), f"call.{kind}", f"call:{call.id}", state=call.state, **facts)
