"""Naming a coordinator, recording meetings, briefing leaders (rulebook B3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.coordination import queries
from hotline.coordination.models import CoordinationMeeting, Coordinator, LeaderBrief
from hotline.coordination.rules import (
    BRIEFERS,
    FEWEST_DEPARTMENTS,
    NAMERS,
    RECORDERS,
    SETTLED,
    CoordinationRefused,
    Obstacle,
)
from hotline.people.actors import NotPermitted, Role
from hotline.people.queries import departments
from hotline.screening.opening import kept_text, opened
from hotline.tickets import rows
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, TicketTrack
from hotline.tickets.tracks import PREPARED

LONGEST = 2000
LONGEST_NAME = 60


@dataclass(frozen=True)
class MeetingForm:
    """What is written down of a meeting."""

    held_on: date
    chair: str
    department_ids: Sequence[int]
    decisions: str


def name_coordinator(context: Context, ticket_id: int, user_id: int, reason: str) -> None:
    """Somebody of the hotline or the government office brings the departments together; said again, the last
    one counts. Only then the ticket is dispatched. Raises `CoordinationRefused`."""
    context.actor.must_have("name a coordinator", *NAMERS)
    with context.writing() as session:
        ticket = _open(session, context, ticket_id, "name a coordinator", TicketTrack.COORDINATED)
        people = {user.id: user for user in queries.possible_coordinators(session)}
        if user_id not in people:
            raise CoordinationRefused(Obstacle.NO_COORDINATOR, "coordinator")
        why, now = _text("name_why", reason), context.now()
        by = context.actor.user_id
        session.add(
            Coordinator(ticket_id=ticket.id, user_id=user_id, reason=why, named_at=now, named_by_id=by)
        )
        ticket.track_ready_at = ticket.track_ready_at or now
        name = people[user_id].display_name
        ticket.note("coordinator_named", context.actor, now, why, coordinator=name)
        rows.announce(session, context, ticket, "coordinator_named")


def record_meeting(context: Context, ticket_id: int, form: MeetingForm) -> None:
    """The coordinator, or a supervisor, writes down what a meeting of two departments or more decided.

    Raises `CoordinationRefused`; `NotPermitted` for anybody else.
    """
    with context.writing() as session:
        ticket = _open(session, context, ticket_id, "record a meeting", *PREPARED)
        named = queries.coordinator_of(session, ticket.id)
        is_coordinator = named is not None and named.user_id == context.actor.user_id
        if not is_coordinator and not context.actor.has(*RECORDERS):
            raise NotPermitted(context.actor, "record a meeting")
        units = [unit for unit in departments(session) if unit.id in set(form.department_ids)]
        if len(units) < FEWEST_DEPARTMENTS:
            raise CoordinationRefused(Obstacle.TOO_FEW, "departments")
        if form.held_on > context.now().astimezone(context.settings.zone).date():
            raise CoordinationRefused(Obstacle.IN_FUTURE, "held_on")
        chair = kept_text("chair", form.chair, LONGEST_NAME)
        if not chair:
            raise CoordinationRefused(Obstacle.NO_CHAIR, "chair")
        meeting = CoordinationMeeting(
            ticket_id=ticket.id,
            held_on=form.held_on,
            chair=chair,
            decisions=_text("decisions", form.decisions),
            recorded_at=context.now(),
            recorded_by_id=context.actor.user_id,
            departments=units,
        )
        session.add(meeting)
        facts = {"chair": chair, "departments": "、".join(unit.name_zh for unit in units)}
        ticket.note("coordination_met", context.actor, context.now(), meeting.decisions, **facts)
        rows.announce(session, context, ticket, "coordination_met")


def brief_leaders(context: Context, ticket_id: int, text: str) -> None:
    """Leaders are told what it is about and why it is theirs to know; only then the ticket is dispatched.

    Raises `CoordinationRefused`.
    """
    context.actor.must_have("brief leaders", *BRIEFERS)
    with context.writing() as session:
        ticket = _open(session, context, ticket_id, "brief leaders", TicketTrack.HIGH_LEVEL)
        words, now = _text("brief", text), context.now()
        session.add(
            LeaderBrief(ticket_id=ticket.id, text=words, sent_at=now, sent_by_id=context.actor.user_id)
        )
        ticket.track_ready_at = ticket.track_ready_at or now
        ticket.note("leaders_briefed", context.actor, now, words)
        rows.announce(session, context, ticket, "leaders_briefed")


def mark_read(context: Context, ticket_id: int) -> None:
    """A leader has read the briefs of the ticket. An instruction is another act (`hotline.supervision`)."""
    context.actor.must_have("read a brief", Role.LEADER)
    with context.writing() as session:
        ticket = opened(session, context, ticket_id, "read a brief")
        waiting = [brief for brief in queries.briefs_of(session, ticket.id) if brief.read_at is None]
        if not waiting or ticket.confidentiality is Confidentiality.SEALED:
            raise CoordinationRefused(Obstacle.NOTHING_TO_READ)
        for brief in waiting:
            brief.read_at, brief.read_by_id = context.now(), context.actor.user_id
        ticket.note("brief_read", context.actor, context.now())
        rows.announce(session, context, ticket, "brief_read")


def _open(session: Session, context: Context, ticket_id: int, deed: str, *tracks: TicketTrack) -> Ticket:
    """The ticket, locked. Raises `CoordinationRefused` for another track, or one that nobody works on."""
    ticket = opened(session, context, ticket_id, deed)
    if ticket.confidentiality is Confidentiality.SEALED:
        raise NotPermitted(context.actor, deed)
    if ticket.track not in tracks:
        raise CoordinationRefused(Obstacle.OTHER_TRACK)
    if ticket.state in SETTLED:
        raise CoordinationRefused(Obstacle.OVER)
    return ticket


def _text(name: str, text: str) -> str:
    words = kept_text(name, text, LONGEST)
    if not words:
        raise CoordinationRefused(Obstacle.NO_TEXT, name)
    return words
