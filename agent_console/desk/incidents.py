"""Open incidents beside the draft, and the one press by which the caller's matter belongs to one."""

from flask import Response, abort, render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.desk.learning import learn_from
from agent_console.desk.views import TICKET, blueprint, posted, refused, register_draft, registered_part
from agent_console.house import acting_context, house
from agent_console.refusals import REFUSALS, explain
from agent_console.row_ids import LARGEST_ID
from agent_console.words import _
from hotline.incidents import queries
from hotline.incidents.models import IncidentState
from hotline.incidents.rules import IncidentRefused, Obstacle
from hotline.incidents.service import join
from hotline.people.actors import Role
from hotline.suggestions.queries import pieces_of_contact, suggestions_for
from hotline.suggestions.similar import Matter
from hotline.suggestions.values import Spoken
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.queries import with_everything
from hotline.tickets.states import Confidentiality, State

INCIDENT = f"<int(max={LARGEST_ID}):incident_id>"


@blueprint.get(f"/draft/{TICKET}/incidents")
@open_to(Role.AGENT)
def incidents(ticket_id: int) -> str | Response:
    """The banner for a draft, or for a ticket that this agent has just registered; 204 for any other."""
    with acting_context().reading() as session:
        ticket = with_everything(session, ticket_id)
        if ticket is None or not _may_join(ticket):
            return Response(status=204)
        going_on = queries.incidents(session, IncidentState.OPEN)
        matter = _matter(session, ticket) if going_on else None
        fits, others = queries.fitting(going_on, matter) if matter else ([], [])
        return render_template(
            "desk/incidents.html",
            ticket=ticket,
            fits=fits,
            others=others,
            citizens=queries.citizens_of(session, [*(fit.incident for fit in fits), *others]),
        )


@blueprint.post(f"/draft/{TICKET}/incidents/{INCIDENT}")
@open_to(Role.AGENT)
def register_for_incident(ticket_id: int, incident_id: int) -> str | tuple[str, int]:
    """Registered, with what the incident says where the agent has written nothing, and merged.

    What cannot be merged is a ticket like any other, and the page says why.
    """
    form = posted(ticket_id)
    if not form.validate():
        return refused(ticket_id, form, _("有的内容填写不对，请看标红的地方。")), 422
    with acting_context().reading() as session:
        incident = queries.incident(session, incident_id)
        goes_on = incident is not None and incident.state is IncidentState.OPEN
        draft = queries.filled(incident, form.draft()) if incident else form.draft()
    if not goes_on:
        return refused(ticket_id, form, explain(IncidentRefused(Obstacle.IS_OVER))), 409
    if problem := register_draft(ticket_id, form, draft):
        return problem
    learn_from(ticket_id)
    return _joined(ticket_id, incident_id)


@blueprint.post(f"/registered/{TICKET}/incidents/{INCIDENT}")
@open_to(Role.AGENT)
def join_incident(ticket_id: int, incident_id: int) -> str | tuple[str, int]:
    """A ticket that was registered a moment ago belongs to an incident after all."""
    with acting_context().reading() as session:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None or not _may_join(ticket):
            abort(404)
    return _joined(ticket_id, incident_id)


def _joined(ticket_id: int, incident_id: int) -> str | tuple[str, int]:
    try:
        join(acting_context(), incident_id, ticket_id)
    except REFUSALS as refusal:
        why = explain(refusal)
        return registered_part(ticket_id, _("已登记，但没有并入突发事件：%(why)s", why=why)), 409
    return registered_part(ticket_id)


def _may_join(ticket: Ticket) -> bool:
    """A sealed matter belongs to nothing; a ticket is only theirs to merge who registered it."""
    if ticket.confidentiality is Confidentiality.SEALED:
        return False
    is_theirs = ticket.registered_by_id == current_user.user_id
    return ticket.state is State.DRAFT or (ticket.state is State.REGISTERED and is_theirs)


def _matter(session: Session, ticket: Ticket) -> Matter:
    """What is written down, and what was said as far as it may be read and is text."""
    if not privacy.may_listen(current_user.actor, ticket):
        return Matter.of(ticket, ticket.description, {})
    found = suggestions_for(session, house().context, house().librarian, ticket)
    spoken = Spoken.by_citizen(pieces_of_contact(session, ticket.contact_id))
    return Matter.of(ticket, f"{ticket.description} {spoken.text}", {one.field: one.value for one in found})
