"""Reads of referrals. Those of sealed tickets are never among them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.people.actors import Actor
from hotline.people.models import Department, User
from hotline.referrals.models import Referral, ReferralState
from hotline.referrals.rules import OPEN_CLASSES, WATCHERS
from hotline.tickets.guards import BODIES
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import BODY_ROLES
from hotline.tickets.states import Confidentiality, ScreeningClass, State

OPEN = (ReferralState.WAITING, ReferralState.TAKEN)


def possible_bodies(session: Session) -> list[tuple[ScreeningClass, Department]]:
    """The offices that have somebody to take a class, class by class, each by its code."""
    people = session.scalars(select(User).options(joinedload(User.department)).where(User.is_active)).all()
    found = []
    for of in OPEN_CLASSES:
        offices = {user.department for user in people if BODIES[of] in user.role_set}
        others = [office for office in offices if office.is_active and not office.is_hotline]
        found += [(of, office) for office in sorted(others, key=lambda office: office.code)]
    return found


@asked_once
def of_ticket(session: Session, ticket_id: int) -> Sequence[Referral]:
    """Everything that was referred of it, the oldest first."""
    query = select(Referral).options(joinedload(Referral.body), joinedload(Referral.referred_by))
    return session.scalars(query.where(Referral.ticket_id == ticket_id).order_by(Referral.id)).all()


@asked_once
def open_referral(session: Session, ticket_id: int) -> Referral | None:
    """The one that another body has now, or None."""
    query = select(Referral).options(joinedload(Referral.body))
    return session.scalar(query.where(Referral.ticket_id == ticket_id, Referral.state.in_(OPEN)))


@asked_once
def kept_by(session: Session, ticket_id: int) -> Sequence[int]:
    """Ids of the offices that it was referred to and that have not sent it back."""
    mine = (Referral.ticket_id == ticket_id, Referral.state != ReferralState.SENT_BACK)
    return session.scalars(select(Referral.body_id).where(*mine)).all()


def listed(session: Session, actor: Actor, ended: bool = False, limit: int = 200) -> Sequence[Referral]:
    """What waits for a receipt or a result, that due first; or what has ended, the newest first.

    Every one for the hotline, their own office's for the others.
    """
    query = select(Referral).join(Referral.ticket)
    query = query.where(_seen_by(actor), Ticket.confidentiality != Confidentiality.SEALED)
    query = query.options(joinedload(Referral.body), joinedload(Referral.ticket).joinedload(Ticket.contact))
    if ended:
        query = query.where(Referral.state == ReferralState.ENDED).order_by(Referral.id.desc())
    else:
        query = query.where(Referral.state.in_(OPEN))
        query = query.order_by(Referral.state == ReferralState.TAKEN, Referral.receipt_by, Referral.id)
    return session.scalars(query.limit(limit)).all()


def with_emergency_services(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Handed to 110, 119, 120 or 122, whose own number nobody has written down yet, the oldest first."""
    query = handed_over().options(joinedload(Ticket.contact), selectinload(Ticket.history))
    return session.scalars(query.order_by(Ticket.id).limit(limit)).all()


def handed_over() -> Select[Ticket]:
    """The same, to be counted."""
    query = select(Ticket).where(Ticket.state == State.TRANSFERRED, Ticket.screening_class.is_(None))
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def at_office(actor: Actor, state: ReferralState) -> Select[Referral]:
    """What the actor's own office has in this state, joined with its tickets, to be counted."""
    query = select(Referral).join(Referral.ticket).where(_of_office(actor), Referral.state == state)
    return query.where(Ticket.confidentiality != Confidentiality.SEALED)


def service_of(ticket: Ticket) -> str:
    """The emergency service that a ticket was handed to last, by its history; empty if to none."""
    named = [line.changes.get("service", "") for line in ticket.history if line.event == "hot_transfer"]
    return str(named[-1]) if named else ""


def without_receipt(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of those whose time for a receipt is over and of which nobody has been told yet."""
    query = select(Referral.id).where(Referral.due_at <= now)
    return session.scalars(query.order_by(Referral.due_at, Referral.id).limit(limit)).all()


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    return Referral.id.is_not(None) if actor.has(*WATCHERS) else _of_office(actor)


def _of_office(actor: Actor) -> ColumnElement[bool]:
    if actor.department_id is None or not actor.has(*BODY_ROLES):
        return false()
    own = [of for of in OPEN_CLASSES if actor.has(BODIES[of])]
    return and_(Referral.body_id == actor.department_id, Referral.screening_class.in_(own))
