"""The queue offers calls only to seats that can be reached, and only between their calls.

A seat whose last telephone went while it was ready is paused as `UNREACHABLE`, and ready again with the
telephone; a pause that the agent chose meanwhile stays. Every function compares what is with what should be,
so that an order that failed, or a word that was missed, is made good by the next sweep.
"""

from sqlalchemy import or_, select

from hotline.calls.models import Seat, SeatState
from hotline.calls.outcome import DispositionMissing, lacks_disposition
from hotline.calls.ports import NoTelephone, SeatControl
from hotline.calls.seats import set_seat, wrap_up_time
from hotline.context import Context

UNREACHABLE = "unreachable"
"""Reason of a pause: no telephone of the seat is registered."""
WRAPPING_UP = "wrap_up"
"""Reason of our own pause in the queues, from an agent's answer to the end of the wrap-up."""


def keep_for_wrap_up(context: Context, control: SeatControl, extension: str) -> None:
    """An agent has answered: no queue offers a call until the wrap-up of this one is over.

    The queue of one Asterisk knows the usual wrap-up by itself, also while all of ours is away. Raises
    `TelephoneAway`; then another Asterisk may ring a telephone that is engaged.
    """
    if _is_ours(context, extension):
        control.pause(extension, WRAPPING_UP)


def _is_ours(context: Context, extension: str) -> bool:
    """Whether the end of this wrap-up is another than that which the queue knows by itself."""
    if context.settings.pbxs or context.settings.disposition_required:
        return True
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
        return wrap_up_time(session, context, seat).total_seconds() != context.settings.wrap_up_seconds


def end_wrap_up(context: Context, control: SeatControl, extension: str | None = None) -> int:
    """Seats whose wrap-up is over become ready; with `extension`, that seat at once. Returns how many.

    Where the settings require it, a wrap-up lasts until the agent has said how the call went. Raises
    `DispositionMissing` when such an agent wants to end it, `TelephoneAway`; the seats that were not reached
    stay in wrap-up.
    """
    now = context.now()
    # A seat in wrap-up since the future: the clock was set back.
    over = or_(Seat.wrap_up_until_at <= now, Seat.wrap_up_until_at.is_(None), Seat.since_at > now)
    wanted = over if extension is None else Seat.extension == extension
    with context.reading() as session:
        seats = session.scalars(select(Seat).where(Seat.state == SeatState.WRAP_UP, wanted)).all()
        ended = [seat.extension for seat in seats if not lacks_disposition(context, seat)]
    if extension is not None and seats and not ended:
        raise DispositionMissing
    for one in ended:
        ours = _is_ours(context, one)
        if _is_withdrawn(context, one) or (extension is None and not ours):
            _enter(context, one, SeatState.WRAP_UP, SeatState.READY)  # the queue's own time is over, too
        else:
            at_once = extension is not None or (ours and not context.settings.pbxs)
            _make_ready(context, control, one, SeatState.WRAP_UP, at_once=at_once)
    return len(ended)


def _is_withdrawn(context: Context, extension: str) -> bool:
    """A supervisor paused it or signed it off meanwhile: the queues know that already."""
    with context.reading() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
        return seat.next_state is not None


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


def _make_ready(
    context: Context, control: SeatControl, extension: str, was: SeatState, at_once: bool = False
) -> None:
    try:
        control.make_ready(extension, at_once)
    except NoTelephone:
        _set_unreachable(context, control, extension, was)
        return
    state, reason = _enter(context, extension, was, SeatState.READY)
    if state is SeatState.PAUSED:  # somebody's order came between, and ours has undone it in the queues
        control.pause(extension, reason)
    elif state is SeatState.OFFLINE:
        control.sign_off(extension)


def _set_unreachable(context: Context, control: SeatControl, extension: str, was: SeatState) -> None:
    control.pause(extension, UNREACHABLE)
    _enter(context, extension, was, SeatState.PAUSED, UNREACHABLE)


def _enter(
    context: Context, extension: str, was: SeatState, state: SeatState, reason: str = ""
) -> tuple[SeatState, str]:
    """What the seat is now: this, unless a call, or the agent, was faster than the order."""
    with context.writing() as session:
        seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
        if seat.state is was and (seat.state, seat.reason) != (state, reason):
            set_seat(session, context, seat, state, reason=reason)
        return seat.state, seat.reason
