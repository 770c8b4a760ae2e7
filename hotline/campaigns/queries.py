"""Reads of campaigns, and of the tickets that one would name. Sealed tickets are never among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.campaigns.models import Campaign, CampaignTicket
from hotline.campaigns.rules import DONE_STATES
from hotline.people.models import Department
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality, State

_OPEN_TO_ALL = Ticket.confidentiality != Confidentiality.SEALED


@dataclass(frozen=True)
class Chosen:
    """Which tickets are meant; what is None or empty does not narrow. `place`: a part of the address."""

    category_code: str = ""
    place: str = ""
    department_id: int | None = None
    state: State | None = None
    older_than_days: int | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is named: all tickets of the city are no campaign."""
        return self != Chosen()


@dataclass(frozen=True)
class Progress:
    """How many of the named tickets nobody works on any more."""

    done: int = 0
    named: int = 0


def chosen(session: Session, wanted: Chosen, now: datetime, limit: int) -> Sequence[Ticket]:
    """Registered tickets that fit, the oldest first."""
    query = select(Ticket).where(Ticket.state != State.DRAFT, _OPEN_TO_ALL)
    if wanted.category_code:
        query = query.where(Ticket.category_code == wanted.category_code)
    if wanted.place:
        parts = (Ticket.district, Ticket.street, Ticket.address)
        query = query.where(or_(*(part.contains(wanted.place, autoescape=True) for part in parts)))
    if wanted.department_id is not None:
        query = query.where(Ticket.holder_id == wanted.department_id)
    if wanted.state is not None:
        query = query.where(Ticket.state == wanted.state)
    if wanted.older_than_days is not None:
        query = query.where(Ticket.registered_at <= now - timedelta(days=wanted.older_than_days))
    return session.scalars(query.order_by(Ticket.registered_at, Ticket.id).limit(limit)).all()


def campaigns(session: Session, department_id: int | None = None, limit: int = 200) -> Sequence[Campaign]:
    """All, or a department's: what goes on first, by its day; then what is over."""
    query = select(Campaign).options(joinedload(Campaign.department))
    if department_id is not None:
        query = query.where(Campaign.department_id == department_id)
    order = (Campaign.closed_at.is_not(None), Campaign.due_on, Campaign.id)
    return session.scalars(query.order_by(*order).limit(limit)).all()


@asked_once
def begun_from(session: Session, ticket_id: int) -> Sequence[Campaign]:
    """Sweeps that began from a ticket, the newest first."""
    query = select(Campaign).where(Campaign.source_id == ticket_id)
    return session.scalars(query.order_by(Campaign.id.desc()).limit(20)).all()


def progress_of(session: Session, campaign_ids: Sequence[int]) -> Mapping[int, Progress]:
    """By campaign; none for one whose tickets are all sealed by now."""
    done = func.sum(case((Ticket.state.in_(DONE_STATES), 1), else_=0))
    query = select(CampaignTicket.campaign_id, done, func.count()).join(Ticket).where(_OPEN_TO_ALL)
    query = query.where(CampaignTicket.campaign_id.in_(campaign_ids)).group_by(CampaignTicket.campaign_id)
    return {row[0]: Progress(row[1], row[2]) for row in session.execute(query)}


def named(
    session: Session, campaign_id: int, holder_id: int | None = None
) -> Sequence[tuple[Ticket, Department | None]]:
    """The campaign's tickets with who has them, what is not dealt with first; or only those of one holder."""
    query = select(Ticket, Department).join(CampaignTicket, CampaignTicket.ticket_id == Ticket.id)
    query = query.outerjoin(Department, Department.id == Ticket.holder_id)
    query = query.where(CampaignTicket.campaign_id == campaign_id, _OPEN_TO_ALL)
    if holder_id is not None:
        query = query.where(Ticket.holder_id == holder_id)
    query = query.order_by(Ticket.state.in_(DONE_STATES), Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)
    return [(ticket, holder) for ticket, holder in session.execute(query)]


def departments(session: Session) -> Sequence[Department]:
    """Those that can be responsible: all but the hotline."""
    query = select(Department).where(Department.is_hotline.is_(False)).order_by(Department.code)
    return session.scalars(query).all()
