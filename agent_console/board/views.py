"""The live board: everybody at the hotline sees it, supervisors act from it."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.access import open_to
from agent_console.board import reads
from agent_console.house import acting_context, house
from agent_console.language import is_english
from agent_console.monitoring.labels import MODE_HINTS, MODE_ICONS, MODES, NOBODY_TO_WHISPER_TO
from agent_console.monitoring.reads import bar_of
from agent_console.navigation import BOARD_ROLES
from agent_console.tickets.reads import category_name
from hotline.calls.machines import pbxs_away, pbxs_closing
from hotline.people.actors import Role
from hotline.queueing.estimates import Accuracy
from hotline.queueing.waits import said_and_waited

blueprint = Blueprint("board", __name__, url_prefix="/board")


@blueprint.get("/")
@open_to(*BOARD_ROLES)
def board() -> str:
    """The whole page."""
    return _render("board/board.html")


@blueprint.get("/live")
@open_to(*BOARD_ROLES)
def live() -> str:
    """What changes on it: asked for whenever a call, a seat or a supervisor's session does."""
    return _render("board/live.html")


@blueprint.get("/wall")
@open_to(*BOARD_ROLES)
def wall() -> str:
    """The board's figures for everybody in the room: no citizen's number, nobody's name, nothing to press."""
    return _wall("board/wall.html")


@blueprint.get("/wall/live")
@open_to(*BOARD_ROLES)
def wall_live() -> str:
    """What changes on the wall."""
    return _wall("board/wall_live.html")


def _wall(template: str) -> str:
    context = house().context
    with acting_context().reading() as session:
        shown = _floor(session)
        return render_template(
            template,
            floor=shown,
            groups=reads.groups(shown.seats),
            # Titles are people's own words: the kind and the district name nobody.
            incidents=[(one, category_name(session, one.category_code)) for one in shown.incidents],
            away=pbxs_away(session, context),
            closing=pbxs_closing(session, context),
            now=context.now(),
        )


def _render(template: str) -> str:
    with acting_context().reading() as session:
        directs = current_user.has(Role.SUPERVISOR)
        return render_template(
            template,
            floor=_floor(session),
            directs=directs,
            main_number=house().context.settings.hotline_number,
            bar=bar_of(session, current_user.user_id) if directs else None,
            modes=MODES,
            mode_hints=MODE_HINTS,
            mode_icons=MODE_ICONS,
            nobody_to_whisper_to=NOBODY_TO_WHISPER_TO,
            rings=reads.rings,
            told=_told(session),
            away=pbxs_away(session, house().context),
            closing=pbxs_closing(session, house().context),
            problem="",
        )


def _floor(session: Session) -> reads.Floor:
    context = house().context
    return reads.floor(session, context.settings, context.now(), times.midnight(), is_english())


def _told(session: Session) -> Accuracy:
    """What callers were told of the wait today, beside what came."""
    spoken_after = timedelta(seconds=house().context.settings.announce_after_seconds)
    return said_and_waited(session, times.midnight(), spoken_after)
