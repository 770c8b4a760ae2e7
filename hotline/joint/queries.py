"""Reads of joint supervisions. Those of sealed tickets are never among them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.citizens.progress import STEPS
from hotline.contacts.channels import own_of
from hotline.joint.models import JointNote, JointPartner, JointSupervision
from hotline.joint.rules import PARTNER_ROLES, READERS
from hotline.people.actors import Actor, Role
from hotline.people.models import Department, User
from hotline.replies.models import Reply, ReplyState
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State

_OPEN_TO_ALL = Ticket.confidentiality != Confidentiality.SEALED
PROGRESS = (
    *STEPS,
    "citizen_contacted",
    "site_visited",
    "supervision_issued",
    "supervision_answered",
    "supervision_closed",
    "joint_opened",
    "joint_ended",
)
"""What the parties see of the ticket's way: what was done, by which department. No reasons, no persons."""


def possible_partners(session: Session) -> dict[Role, list[Department]]:
    """The media houses and the inspection office that have somebody here, by role and code."""
    people = session.scalars(select(User).options(joinedload(User.department)).where(User.is_active)).all()
    found: dict[Role, list[Department]] = {}
    for role in PARTNER_ROLES:
        offices = {user.department for user in people if role in user.role_set}
        found[role] = sorted(offices, key=lambda office: office.code)
    return found


@asked_once
def of_ticket(session: Session, ticket_id: int) -> Sequence[JointSupervision]:
    """All of a ticket, oldest first."""
    query = select(JointSupervision).where(JointSupervision.ticket_id == ticket_id)
    query = query.options(selectinload(JointSupervision.partners), joinedload(JointSupervision.case))
    return session.scalars(query.order_by(JointSupervision.id)).all()


def of_case(session: Session, case_id: int) -> JointSupervision | None:
    """The newest that goes by this case, or None."""
    query = select(JointSupervision).where(JointSupervision.case_id == case_id)
    return session.scalar(query.order_by(JointSupervision.id.desc()).limit(1))


def listed(
    session: Session, actor: Actor, ended: bool = False, limit: int = 200
) -> Sequence[JointSupervision]:
    """What goes on, the oldest first, or what is over, the newest first: all, or those with one's office."""
    query = select(JointSupervision).join(Ticket, Ticket.id == JointSupervision.ticket_id).where(_OPEN_TO_ALL)
    if not actor.has(*READERS):
        own = select(JointPartner.joint_id).where(JointPartner.department_id == actor.department_id)
        query = query.where(JointSupervision.id.in_(own))
    if ended:
        query = query.where(JointSupervision.ended_at.is_not(None)).order_by(JointSupervision.id.desc())
    else:
        query = query.where(JointSupervision.ended_at.is_(None)).order_by(JointSupervision.id)
    shown = (joinedload(JointSupervision.ticket), joinedload(JointSupervision.case))
    query = query.options(
        *shown, selectinload(JointSupervision.partners), selectinload(JointSupervision.notes)
    )
    return session.scalars(query.limit(limit)).all()


def one_of(session: Session, joint_id: int) -> JointSupervision | None:
    """The joint supervision; None where there is none, or its ticket is sealed by now."""
    joint = session.get(JointSupervision, joint_id)
    if joint is None or joint.ticket.confidentiality is Confidentiality.SEALED:
        return None
    return joint


def notes_of(session: Session, joint_id: int) -> Sequence[JointNote]:
    """What the parties said and asked, oldest first."""
    query = select(JointNote).where(JointNote.joint_id == joint_id).order_by(JointNote.id)
    offices = (joinedload(JointNote.department), joinedload(JointNote.answered_from))
    return session.scalars(query.options(*offices)).all()


def progress(session: Session, ticket_id: int) -> Sequence[HistoryLine]:
    """The lines of the ticket's history that the parties see."""
    query = select(HistoryLine).where(HistoryLine.ticket_id == ticket_id, HistoryLine.event.in_(PROGRESS))
    return session.scalars(query.order_by(HistoryLine.id)).all()


def accepted_reply(session: Session, ticket_id: int) -> Reply | None:
    """The newest reply that the hotline has accepted, or None."""
    query = select(Reply).where(Reply.ticket_id == ticket_id, Reply.state == ReplyState.ACCEPTED)
    return session.scalar(query.order_by(Reply.id.desc()).limit(1))


def of_own_channel(session: Session, actor: Actor, limit: int = 100) -> Sequence[Ticket]:
    """What the actor's own media channel has brought, the newest first: how far each is."""
    query = select(Ticket).where(Ticket.channel.in_(own_of(actor)), _OPEN_TO_ALL, Ticket.state != State.DRAFT)
    return session.scalars(query.order_by(Ticket.id.desc()).limit(limit)).all()
