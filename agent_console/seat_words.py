"""What a seat does, in words: on the board, at the desk, and in the terminal of a headset."""

from agent_console.labels import OWN_PAUSES, PAUSE_REASONS, SEAT_STATES
from agent_console.words import _
from hotline.calls.models import Seat, SeatState


def seat_words(seat: Seat) -> str:
    """Its state, of a pause with the reason, in the reader's language."""
    why = ""
    if seat.state is SeatState.PAUSED:
        why = str(PAUSE_REASONS.get(seat.reason) or OWN_PAUSES.get(seat.reason) or seat.reason)
    elif seat.state is SeatState.READY and seat.reason == "rang_out":
        why = _("上次未接")
    return " · ".join(filter(None, [str(SEAT_STATES[seat.state]), why]))
