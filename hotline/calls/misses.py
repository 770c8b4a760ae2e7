"""Agents who let it ring: after a few calls in a row they are paused, and see why."""

from sqlalchemy import select

from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import SeatControl
from hotline.calls.seats import seat_changed
from hotline.calls.service import RANG_OUT
from hotline.context import Context


def pause_absent(context: Context, control: SeatControl) -> int:
    """Pause every seat that has missed too many calls; "ready" is one click back. Returns how many."""
    with context.reading() as session:
        away = select(Seat.extension).where(
            Seat.state == SeatState.READY, Seat.misses >= context.settings.misses_before_pause
        )
        extensions = session.scalars(away).all()
    for extension in extensions:
        control.pause(extension, RANG_OUT)
        seat_changed(context, extension, SeatState.PAUSED, RANG_OUT)
    return len(extensions)
