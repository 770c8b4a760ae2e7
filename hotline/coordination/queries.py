"""Reads of coordination. Nothing of sealed tickets is among them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.coordination.models import CoordinationMeeting, Coordinator, LeaderBrief
from hotline.coordination.rules import COORDINATORS, SETTLED
from hotline.people.models import User
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State, TicketTrack
from hotline.tickets.tracks import PREPARED


def possible_coordinators(session: Session) -> list[User]:
    """Everybody who can be named, by name."""
    query = select(User).options(joinedload(User.department)).where(User.is_active)
    found = [user for user in session.scalars(query) if user.role_set & set(COORDINATORS)]
    return sorted(found, key=lambda user: user.display_name)


@asked_once
def coordinator_of(session: Session, ticket_id: int) -> Coordinator | None:
    """The one named last, or None."""
    query = (
        select(Coordinator).options(joinedload(Coordinator.user)).where(Coordinator.ticket_id == ticket_id)
    )
    return session.scalar(query.order_by(Coordinator.id.desc()).limit(1))


@asked_once
def meetings_of(session: Session, ticket_id: int) -> Sequence[CoordinationMeeting]:
    """All of a ticket, oldest first."""
    query = select(CoordinationMeeting).where(CoordinationMeeting.ticket_id == ticket_id)
    query = query.options(selectinload(CoordinationMeeting.departments))
    return session.scalars(query.order_by(CoordinationMeeting.held_on, CoordinationMeeting.id)).all()


@asked_once
def briefs_of(session: Session, ticket_id: int) -> Sequence[LeaderBrief]:
    """All of a ticket, oldest first."""
    query = select(LeaderBrief).where(LeaderBrief.ticket_id == ticket_id)
    query = query.options(joinedload(LeaderBrief.sent_by), joinedload(LeaderBrief.read_by))
    return session.scalars(query.order_by(LeaderBrief.id)).all()


def to_prepare(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Accepted tickets whose track wants a coordinator or a brief before the dispatch, oldest first."""
    query = unprepared(*PREPARED).options(joinedload(Ticket.contact)).order_by(Ticket.id)
    return session.scalars(query.limit(limit)).all()


def unprepared(*tracks: TicketTrack) -> Select[Ticket]:
    """Those of these tracks, to be counted."""
    query = select(Ticket).where(Ticket.state == State.TO_DISPATCH, Ticket.track.in_(tracks))
    return query.where(Ticket.track_ready_at.is_(None), Ticket.confidentiality != Confidentiality.SEALED)


def unread(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Tickets with a brief that no leader has read yet, the oldest brief first."""
    query = select(Ticket).join(LeaderBrief, LeaderBrief.ticket_id == Ticket.id)
    query = query.where(LeaderBrief.read_at.is_(None), Ticket.confidentiality != Confidentiality.SEALED)
    query = query.options(joinedload(Ticket.contact)).order_by(LeaderBrief.id).limit(limit)
    return session.scalars(query).unique().all()


def unread_briefs() -> Select[LeaderBrief]:
    """Their briefs, joined with the tickets, to be counted."""
    query = select(LeaderBrief).join(LeaderBrief.ticket).where(LeaderBrief.read_at.is_(None))
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def coordinated_by(session: Session, user_id: int, limit: int = 200) -> Sequence[Ticket]:
    """Tickets that this person coordinates and that are not settled, oldest first."""
    other = aliased(Coordinator)
    later = select(other.id).where(other.ticket_id == Coordinator.ticket_id, other.id > Coordinator.id)
    query = select(Ticket).join(Coordinator, Coordinator.ticket_id == Ticket.id)
    query = query.where(Coordinator.user_id == user_id, ~later.exists(), Ticket.state.not_in(SETTLED))
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(query.options(joinedload(Ticket.contact)).order_by(Ticket.id).limit(limit)).all()
