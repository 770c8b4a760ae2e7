"""Coordination on the ticket's page: what there is of it, and what whoever looks can do."""

from collections.abc import Iterator, Sequence

from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console import times
from agent_console.coordination.forms import BriefForm, MeetForm, NameForm, ReadForm
from agent_console.house import house
from agent_console.tickets.standing import is_unprepared
from agent_console.tickets.steps import Step, another_step_for, step_for
from hotline.coordination import queries, rules
from hotline.coordination.models import Coordinator, LeaderBrief
from hotline.people.actors import Role
from hotline.people.queries import departments
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import HOTLINE_ROLES, OFFICE_ROLES, UNIT_ROLES
from hotline.tickets.states import State, TicketTrack
from hotline.tickets.tracks import PREPARED

READERS = (*HOTLINE_ROLES, *OFFICE_ROLES)


@step_for(State.TO_DISPATCH, *rules.NAMERS)
def preparing_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """What comes before the ticket is dispatched, for those who can do it."""
    return _section(session, ticket, form) if _is_prepared_by_reader(ticket) else None


def coordination_step(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    """Coordinator, meetings, and for the hotline and the offices the briefs; nothing for other tracks."""
    return None if _is_prepared_by_reader(ticket) else _section(session, ticket, form)


def _is_prepared_by_reader(ticket: Ticket) -> bool:
    if not is_unprepared(ticket):
        return False
    by = rules.NAMERS if ticket.track is TicketTrack.COORDINATED else rules.BRIEFERS
    return bool(current_user.has(*by))


def _section(session: Session, ticket: Ticket, form: FlaskForm | None) -> Step | None:
    if ticket.track not in PREPARED:
        return None
    named, meetings = queries.coordinator_of(session, ticket.id), queries.meetings_of(session, ticket.id)
    briefs = queries.briefs_of(session, ticket.id) if current_user.has(*READERS) else ()
    forms = dict(_possible(session, ticket, form, named, briefs))
    if not (named or meetings or briefs or forms):
        return None
    waits = is_unprepared(ticket)
    is_open = waits or "read" in forms or any(form is one for one in forms.values())
    shown = {"named": named, "meetings": meetings, "briefs": briefs, "forms": forms}
    return Step("coordination/section.html", {**shown, "is_open": is_open, "waits": waits})


for _state in State:
    if _state is not State.DRAFT:
        another_step_for(_state, *READERS, *UNIT_ROLES)(coordination_step)


def _possible(
    session: Session,
    ticket: Ticket,
    form: FlaskForm | None,
    named: Coordinator | None,
    briefs: Sequence[LeaderBrief],
) -> Iterator[tuple[str, FlaskForm]]:
    """Forms by the name of the view that takes them."""
    if current_user.has(Role.LEADER) and any(brief.read_at is None for brief in briefs):
        yield "read", ReadForm(formdata=None)
    if ticket.state in rules.SETTLED:
        return
    if ticket.track is TicketTrack.HIGH_LEVEL and current_user.has(*rules.BRIEFERS):
        yield "brief", form if isinstance(form, BriefForm) else BriefForm(formdata=None)
    if ticket.track is TicketTrack.COORDINATED and current_user.has(*rules.NAMERS):
        yield "name", _name_form(session, form)
    if current_user.has(*rules.RECORDERS) or (named and named.user_id == current_user.user_id):
        yield "meet", _meet_form(session, form)


def _name_form(session: Session, form: FlaskForm | None) -> NameForm:
    shown = form if isinstance(form, NameForm) else NameForm(formdata=None)
    shown.offer(queries.possible_coordinators(session))
    return shown


def _meet_form(session: Session, form: FlaskForm | None) -> MeetForm:
    today = times.local(house().context.now()).date()
    shown = form if isinstance(form, MeetForm) else MeetForm(formdata=None, held_on=today)
    shown.offer(departments(session))
    return shown
