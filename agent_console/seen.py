"""Noting who sees what of a ticket: views say so while they answer, it is written once the answer is made.

Sealed tickets have a log of their own (`hotline.sealing`), and are not noted here.
"""

from flask import Flask, Response, g
from flask_login import current_user

from agent_console.house import house
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.viewing.models import What
from hotline.viewing.service import View


def install(app: Flask) -> None:
    """Write down after each request what was noted in it."""
    app.after_request(_write)


def seen(ticket: Ticket, what: What) -> None:
    """Whoever is signed in sees this of the ticket in this request."""
    if ticket.confidentiality is Confidentiality.SEALED:
        return
    actor = current_user.actor
    view = View(
        ticket_id=ticket.id,
        what=what,
        in_full=privacy.sees_identity(actor, ticket),
        user_id=actor.user_id,
        viewer=actor.name,
        department_name=actor.department_name,
        at=house().context.now(),
    )
    g.setdefault("seen", []).append(view)


def _write(response: Response) -> Response:
    if views := g.pop("seen", None):
        house().views.add(views)
    return response
