"""An agent's line broke in the middle of a talk, or the talk is over and the caller still on the line.

Told by the telephone side; every function may be told twice without harm.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.ports import NoTelephone, SeatControl
from hotline.calls.seats import seat_of, set_seat
from hotline.calls.way import had_leader
from hotline.context import Context

LINE_BROKEN = "line_broken"
"""Reason of a pause: the line broke in a talk, and the telephone has not been heard of since."""
NO_SOUND = "no_sound"
"""Reason of a pause: no sound came from the seat's telephone, twice in a call. It would happen to the next
citizen too, so a telephone that registers again does not end it: the agent does, after a test call."""
_TALKED_JUST_NOW = (SeatState.TALKING, SeatState.WRAP_UP)


def call_broken(context: Context, linkedid: str, extension: str, goes_on: bool = False) -> None:
    """The agent is fetched back; the call, and its draft, stay on the seat. Meanwhile the caller hears music
    or, where the talk `goes_on` with others, those."""
    with context.writing() as session:
        call, seat = _live_call(session, linkedid), seat_of(session, extension)
        if call is None:
            return
        if not goes_on:
            call.state = CallState.BROKEN
        if _is_at(seat, call) and seat.state in _TALKED_JUST_NOW:
            set_seat(session, context, seat, SeatState.BROKEN, call=call)
        _announce(session, context, call, "broken", extension=extension)


def agent_lost(
    context: Context, linkedid: str, extension: str, goes_on: bool = False, reason: str = LINE_BROKEN
) -> None:
    """The agent did not come back in time: the caller waits again, before everybody else, unless the talk
    `goes_on` with others.

    Nobody's call is offered to the seat until its telephone is back (`line_is_back`), or the agent says so;
    with the `reason` `NO_SOUND`, until the agent says so.
    """
    with context.writing() as session:
        call, seat = _live_call(session, linkedid), seat_of(session, extension)
        if call is None:
            return
        if not goes_on:
            _wait(call)
        if _is_at(seat, call) and seat.state is SeatState.BROKEN:
            _give_up(session, context, seat, reason)
        _announce(session, context, call, "left_with_others" if goes_on else "waiting")


def waits_again(context: Context, linkedid: str) -> None:
    """A caller who had an agent is in the line again: sent there, or after a break that nobody told of."""
    with context.writing() as session:
        call = _live_call(session, linkedid)
        if call is not None and call.state in (CallState.TALKING, CallState.BROKEN):
            _wait(call)
            _announce(session, context, call, "waiting")


def let_go_of_broken(session: Session, context: Context, call: Call, but: Seat) -> None:
    """Another seat has this call now: the one whose line broke gets no calls until its telephone is back."""
    waiting = select(Seat).where(Seat.call_id == call.id, Seat.state == SeatState.BROKEN, Seat.id != but.id)
    for seat in session.scalars(waiting):
        _give_up(session, context, seat)


def _wait(call: Call) -> None:
    call.state, call.phone = CallState.WAITING, ""
    had_leader(call)


def _give_up(session: Session, context: Context, seat: Seat, reason: str = LINE_BROKEN) -> None:
    """What a supervisor has ordered for after the call holds, as it would have without the break."""
    if seat.next_state is not None:
        set_seat(session, context, seat, seat.next_state, reason=seat.next_reason)
    else:
        set_seat(session, context, seat, SeatState.PAUSED, reason=reason)


def line_is_back(context: Context, control: SeatControl, extension: str) -> None:
    """A telephone of the seat has registered: a seat that waits for that is ready. Raises `TelephoneAway`."""
    with context.reading() as session:
        seat = session.scalar(select(Seat).where(Seat.extension == extension))
        if seat is None or (seat.state, seat.reason) != (SeatState.PAUSED, LINE_BROKEN):
            return
    try:
        control.make_ready(extension, at_once=True)  # nothing is written up: the caller has gone to another
    except NoTelephone:
        return  # gone again
    with context.writing() as session:
        seat = seat_of(session, extension)
        if (seat.state, seat.reason) == (SeatState.PAUSED, LINE_BROKEN):
            set_seat(session, context, seat, SeatState.READY)


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
