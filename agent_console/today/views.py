"""The line of what waits elsewhere, on the first page of one's own and renewed by it (decision 0067)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.navigation import entries
from hotline.today.queries import Place, waiting_for

blueprint = Blueprint("today", __name__)

DESK = "desk.desk"
ENDPOINTS: Mapping[Place, str] = {
    Place.SCREENING: "screening.queue",
    Place.REFUSALS: "refusing.queue",
    Place.REFERRALS: "referrals.queue",
    Place.WEB: "intake.web",
    Place.DISPATCH: "dispatch.queue",
    Place.RETURNS: "returns.queue",
    Place.EXTENSIONS: "extensions.queue",
    Place.SUSPENSIONS: "suspension.queue",
    Place.UNIT: "replies.unit_queue",
    Place.UNIT_SUPERVISION: "supervision.unit",
    Place.UNIT_INSPECTIONS: "inspections.unit",
    Place.REVIEW: "review.queue",
    Place.ANSWERS: "answering.queue",
    Place.FOLLOW_UPS: "follow_up.queue",
    Place.CALLBACKS: "callbacks.listed",
    Place.APPEALS: "appeals.queue",
    Place.REWORK: "follow_up.rework_queue",
    Place.SUPERVISION: "supervision.listed",
    Place.INSTRUCTIONS: "supervision.instructions_listed",
    Place.COORDINATION: "coordination.queue",
    Place.BARS: "harassment.listed",
}


@dataclass(frozen=True)
class Line:
    """A list of one's own in which something waits, as the bar names it."""

    endpoint: str
    label: str
    count: int
    due_at: datetime | None


@blueprint.before_app_request
def look() -> None:
    """Read before the page is, so that no request holds two connections. The desk asks for its own when it
    is idle: during a call nothing else is to be seen."""
    places = entries() if _opens_a_page() else []
    if places and request.endpoint == places[0].endpoint != DESK:
        g.waiting_elsewhere = waiting_elsewhere()


def _opens_a_page() -> bool:
    if request.method != "GET" or request.headers.get("HX-Request"):
        return False
    return bool(current_user.is_authenticated) and current_user.duty is None


@blueprint.get("/today")
@open_to()
def today() -> str:
    """The line anew."""
    return render_template("today/line.html", lines=waiting_elsewhere(), from_desk=_begins_at_the_desk())


def waiting_elsewhere() -> list[Line]:
    """The lists of the reader's own in which something waits, but for the one that they begin at."""
    places = entries()
    elsewhere = {place.endpoint: place.label for place in places[1:]}
    with acting_context().reading() as session:
        waiting = waiting_for(session, current_user.actor)
    return [
        Line(ENDPOINTS[one.place], elsewhere[ENDPOINTS[one.place]], one.count, one.due_at)
        for one in waiting
        if ENDPOINTS[one.place] in elsewhere
    ]


def _begins_at_the_desk() -> bool:
    places = entries()
    return bool(places) and places[0].endpoint == DESK
