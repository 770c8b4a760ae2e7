"""The list of what the two tracks wait for, and the steps of a ticket."""

from flask import Blueprint
from flask_login import current_user

from agent_console.access import open_to
from agent_console.coordination.forms import BriefForm, MeetForm, NameForm, ReadForm
from agent_console.house import acting_context
from agent_console.steps_taken import Answer, take
from agent_console.words import _
from agent_console.work_lists import render_list
from hotline.coordination import queries, rules, service
from hotline.people.actors import Role
from hotline.people.queries import departments
from hotline.tickets.models import Ticket
from hotline.tickets.states import TicketTrack

blueprint = Blueprint("coordination", __name__)

READERS = (*rules.COORDINATORS, Role.LEADER)


@blueprint.get("/coordination")
@open_to(*READERS)
def queue() -> str:
    """What waits for a coordinator or a brief, what one coordinates, and what leaders have to read."""
    with acting_context().reading() as session:
        found: dict[int, Ticket] = {}
        remarks: dict[int, str] = {}
        for ticket in queries.to_prepare(session) if current_user.has(*rules.NAMERS) else ():
            found[ticket.id] = ticket
            coordinated = ticket.track is TicketTrack.COORDINATED
            remarks[ticket.id] = _("等指定协调人") if coordinated else _("等报领导")
        for ticket in queries.coordinated_by(session, current_user.user_id):
            found[ticket.id] = ticket
            remarks[ticket.id] = _("由您协调")
        for ticket in queries.unread(session):
            found[ticket.id] = ticket
            remarks[ticket.id] = _("领导未阅")
        empty = (_("没有要协调或报领导的工单"), _("初筛选了协调办、高位办的工单，会自动出现在这里。"))
        return render_list(session, _("协调与报领导"), list(found.values()), empty, remarks=remarks)


@blueprint.post("/tickets/<number>/coordinator")
@open_to(*rules.NAMERS)
def name(number: str) -> Answer:
    """Who brings the departments together."""
    form = NameForm()
    with acting_context().reading() as session:
        form.offer(queries.possible_coordinators(session))
    return take(
        number,
        form,
        lambda ticket_id: service.name_coordinator(
            acting_context(), ticket_id, int(form.coordinator.data), form.name_why.data or ""
        ),
        _("已指定协调人，可以派单。"),
    )


@blueprint.post("/tickets/<number>/coordination-meeting")
@open_to(*rules.COORDINATORS)
def meet(number: str) -> Answer:
    """What a meeting decided."""
    form = MeetForm()
    with acting_context().reading() as session:
        form.offer(departments(session))
    return take(
        number,
        form,
        lambda ticket_id: service.record_meeting(acting_context(), ticket_id, form.meeting()),
        _("已记录协调会。"),
    )


@blueprint.post("/tickets/<number>/brief")
@open_to(*rules.BRIEFERS)
def brief(number: str) -> Answer:
    """Leaders are told."""
    form = BriefForm()
    return take(
        number,
        form,
        lambda ticket_id: service.brief_leaders(acting_context(), ticket_id, form.brief.data or ""),
        _("已报领导，可以派单。"),
    )


@blueprint.post("/tickets/<number>/brief-read")
@open_to(Role.LEADER)
def read(number: str) -> Answer:
    """A leader has read it."""
    return take(
        number,
        ReadForm(),
        lambda ticket_id: service.mark_read(acting_context(), ticket_id),
        _("已记录您阅过。"),
    )
