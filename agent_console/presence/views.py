"""The parts of pages that say who else has a ticket open, and what became of it since."""

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from agent_console.access import open_to
from agent_console.house import acting_context
from agent_console.row_ids import row_id
from agent_console.tickets.reads import others_here, ticket_to_read
from hotline.supervision.telling import lines_for
from hotline.tickets.queries import by_number, moves_since
from hotline.tickets.states import Confidentiality

blueprint = Blueprint("presence", __name__)


@blueprint.get("/tickets/<number>/here")
@open_to()
def mark(number: str) -> str:
    """For a row of a list: their names."""
    return _part("presence/mark.html", number)


@blueprint.get("/tickets/<number>/others")
@open_to()
def section(number: str) -> str:
    """For the ticket's own page: their names, and since when."""
    return _part("presence/section.html", number)


@blueprint.get("/tickets/<number>/moved")
@open_to()
def moved(number: str) -> str:
    """For a page that was made after line `since` of the history: who has moved the ticket, and where."""
    since = request.args.get("since", type=row_id)
    if since is None:
        abort(400)
    with acting_context().reading() as session:
        ticket = ticket_to_read(session, number)
        moves = lines_for(current_user.actor, moves_since(session, ticket.id, since))
        return render_template("presence/moved.html", ticket=ticket, since=since, moves=moves)


def _part(template: str, number: str) -> str:
    with acting_context().reading() as session:
        ticket = by_number(session, number)
        if ticket is None or ticket.confidentiality is Confidentiality.SEALED:
            abort(404)  # before anything counts as a reading of it
        ticket_to_read(session, number)
        here = others_here(session, [ticket]).get(ticket.id, ())
        return render_template(template, ticket=ticket, here=here)
