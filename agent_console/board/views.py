"""The live board."""

from flask import Blueprint, render_template

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.navigation import BOARD_ROLES
from hotline.calls import queries
from hotline.calls.models import SeatState

blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.get("/")
@open_to(*BOARD_ROLES)
def board() -> str:
    """Calls and seats as they stand; the page asks again whenever a call or a seat changes."""
    with acting_context().reading() as session:
        shown = queries.board(session)
        ready = sum(seat.state is SeatState.READY for seat in shown.seats)
        paused = sum(seat.state is SeatState.PAUSED for seat in shown.seats)
        return render_template("board/board.html", board=shown, ready=ready, paused=paused)
