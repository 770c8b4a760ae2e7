"""The queue offers calls only to seats that can be reached, and only between their calls.

A seat whose last telephone went while it was ready is paused as `UNREACHABLE`, and ready again with the
telephone; a pause that the agent chose meanwhile stays. Every function compares what is with what should be,
so that an order that failed, or a word that was missed, is made good by the next sweep.
"""

from sqlalchemy import or_, select

from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import NoTelephone, SeatControl
from hotline.calls.seats import set_seat
from hotline.context import Context

UNREACHABLE = "unreachable"
"""Reason of a pause: no telephone of the seat is registered."""
WRAPPING_UP = "wrap_up"
"""Reason of the pause, in the queue alone, from an agent's answer to the end of the wrap-up."""


def keep_for_wrap_up(context: Context, control: SeatControl, extension: str) -> None:
    """An agent has answered: no other call from the queue until the wrap-up of this one is over.

    Asked for at the answer and not at the hang-up, which would be too late: the queue offers the next call at
    once. Raises `TelephoneAway`; then the next call may come without a wrap-up.
    """
    if context.settings.wrap_up_seconds:
        control.pause(extension, WRAPPING_UP)


def end_wrap_up(context: Context, control: SeatControl, extension: str | None = None) -> int:
    """Seats whose wrap-up is over become ready; with `extension`, that seat at once. Returns how many.

    Raises `TelephoneAway`; the seats that were not reached stay in wrap-up.
    """
    over = (
        or_(Seat.wrap_up_until_at <= context.now(), Seat.wrap_up_until_at.is_(None))
        if extension is None
        else Seat.extension == extension
    )
    with context.reading() as session:
        ended = session.scalars(select(Seat.extension).where(Seat.state == SeatState.WRAP_UP, over)).all()
    for one in ended:
        _make_ready(context, control, one, SeatState.WRAP_UP)
    return len(ended)


def watch(context: Context, control: SeatControl) -> int:
    """Pause what looks ready and cannot be reached; make ready what was paused for it and is back.

    Returns how many seats changed. Raises `TelephoneAway`.
    """
    lost = (Seat.state == SeatState.READY) & Seat.registered.is_(False)
    back = (Seat.state == SeatState.PAUSED) & (Seat.reason == UNREACHABLE) & Seat.registered
    with context.reading() as session:
        paused = session.scalars(select(Seat.extension).where(lost)).all()
        ready = session.scalars(select(Seat.extension).where(back)).all()
    for extension in paused:
        _set_unreachable(context, control, extension, SeatState.READY)
    for extension in ready:
        _make_ready(context, control, extension, SeatState.PAUSED)
    return len(paused) + len(ready)


def telephones_changed(context: Context, control: SeatControl, extension: str) -> bool:
    """Other telephones of a seat are registered than before: a ready seat is rung at the one that is there.

    False while a call rings there: ask again when that is over. Raises `TelephoneAway`.
    """
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
    if seat.state is SeatState.READY and seat.registered:
        _make_ready(context, control, extension, SeatState.READY)
    watch(context, control)
    return seat.state is not SeatState.RINGING


def _make_ready(context: Context, control: SeatControl, extension: str, was: SeatState) -> None:
    try:
        control.make_ready(extension)
    except NoTelephone:
        _set_unreachable(context, control, extension, was)
        return
    _enter(context, extension, was, SeatState.READY)


def _set_unreachable(context: Context, control: SeatControl, extension: str, was: SeatState) -> None:
    control.pause(extension, UNREACHABLE)
    _enter(context, extension, was, SeatState.PAUSED, UNREACHABLE)


def _enter(context: Context, extension: str, was: SeatState, state: SeatState, reason: str = "") -> None:
    """Unless a call, or the agent, was faster than the order."""
    with context.writing() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
        if seat.state is was and (seat.state, seat.reason) != (state, reason):
            set_seat(session, context, seat, state, reason=reason)
