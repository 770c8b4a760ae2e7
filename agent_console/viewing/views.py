"""Both logs on the auditor's pages, their reasons masked like everything that auditors read; and the mark of
whoever looks, as the picture that pages repeat over themselves."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.house import acting_context, house
from agent_console.marking import GREY, OPACITY, mark_lines
from agent_console.row_ids import row_id
from agent_console.viewing.words import KINDS
from hotline.people.actors import Role
from hotline.viewing import queries
from hotline.viewing.queries import Page, Wanted

blueprint = Blueprint("viewing", __name__, url_prefix="/audit")

LAST_PAGE = 10_000
FILTERS = ("number", "who", "from", "until")


@blueprint.get("/views")
@open_to(Role.AUDITOR)
def views() -> str:
    """Who saw what of which ticket, the newest first."""
    return _page("viewing/views.html", queries.views)


@blueprint.get("/unmaskings")
@open_to(Role.AUDITOR)
def unmaskings() -> str:
    """Who had a citizen shown in full, and why."""
    return _page("viewing/unmaskings.html", queries.unmaskings)


@blueprint.get("/mark.svg")
@open_to()
def mark() -> Response:
    """One tile of the mark. A picture, so that it is neither read aloud nor found among the page's words."""
    tile = render_template("viewing/mark.svg", lines=mark_lines(), grey=GREY, opacity=OPACITY)
    return Response(tile, mimetype="image/svg+xml")


def _page(template: str, read: Callable[[Session, Wanted, int], Page]) -> str:
    wanted = Wanted(
        number=request.args.get("number", "").strip()[:40],
        user_id=request.args.get("who", type=row_id),
        since=_begin(request.args.get("from", type=date.fromisoformat)),
        before=_begin(request.args.get("until", type=date.fromisoformat), days=1),
    )
    with acting_context().reading() as session:
        return render_template(
            template,
            page=read(session, wanted, min(request.args.get("page", 1, type=row_id), LAST_PAGE)),
            wanted=wanted,
            viewers=queries.viewers(session),
            kinds=KINDS,
            kept={name: request.args[name] for name in FILTERS if request.args.get(name)},
            waiting=house().views.waiting,
        )


def _begin(day: date | None, days: int = 0) -> datetime | None:
    """When the day, or one later, begins on the city's clock; None for a day at the ends of the calendar."""
    if day is None or not 1900 < day.year < 9000:
        return None
    return datetime.combine(day, time(0), house().context.settings.zone) + timedelta(days=days)
