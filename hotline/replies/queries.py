"""Reads of contact records and replies."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.built_once import built_once
from hotline.dispatch.models import Assignment
from hotline.dispatch.queries import lead_assignment
from hotline.replies.models import ContactRecord, Reply, ReplyState, SiteVisit
from hotline.tickets.models import Ticket

TRIES_THAT_COUNT_AS_CONTACT = 3  # B7: a contact record, or recorded failure x 3


@asked_once
def contact_records(session: Session, ticket_id: int) -> Sequence[ContactRecord]:
    """The ticket's contact records, oldest first."""
    return session.scalars(*_contact_records(ticket_id)).all()


@built_once
def _contact_records(ticket_id: int) -> Select[ContactRecord]:
    query = select(ContactRecord).options(joinedload(ContactRecord.user))
    return query.where(ContactRecord.ticket_id == ticket_id).order_by(ContactRecord.id)


def citizen_told(session: Session, ticket: Ticket) -> bool:
    """Whether the citizen was reached, or tried three times, by the lead that has the ticket now and since it
    was dispatched to it: what a department said that has returned it tells nothing of this one's handling."""
    return told_by(session, lead_assignment(session, ticket.id))


@asked_once
def told_by(session: Session, lead: Assignment | None) -> bool:
    """As `citizen_told`, of a lead that is read already."""
    if lead is None:
        return False
    tries = session.scalars(*_tries(lead.ticket_id, lead.department_id, lead.dispatched_at)).all()
    return any(tries) or len(tries) >= TRIES_THAT_COUNT_AS_CONTACT


@built_once
def _tries(ticket_id: int, department_id: int, since: datetime) -> Select[bool]:
    return select(ContactRecord.reached).where(
        ContactRecord.ticket_id == ticket_id,
        ContactRecord.department_id == department_id,
        ContactRecord.at >= since,
    )


@asked_once
def visits_of(session: Session, ticket_id: int) -> Sequence[SiteVisit]:
    """Every visit on record, in the order of the visits."""
    return session.scalars(*_visits(ticket_id)).all()


@built_once
def _visits(ticket_id: int) -> Select[SiteVisit]:
    query = select(SiteVisit).where(SiteVisit.ticket_id == ticket_id)
    return query.order_by(SiteVisit.visited_at, SiteVisit.id)


@asked_once
def latest_reply(session: Session, ticket_id: int) -> Reply | None:
    """The newest reply in any state, or None."""
    return session.scalars(*_latest_reply(ticket_id)).first()


@built_once
def _latest_reply(ticket_id: int) -> Select[Reply]:
    return select(Reply).where(Reply.ticket_id == ticket_id).order_by(Reply.id.desc()).limit(1)


def reply_to_read(session: Session, ticket: Ticket) -> Reply | None:
    """The newest reply, but for the draft of a department that has the ticket no more."""
    for reply in reversed(replies(session, ticket.id)):
        if reply.state is not ReplyState.DRAFTED or reply.department_id == ticket.holder_id:
            return reply
    return None


@asked_once
def replies(session: Session, ticket_id: int) -> Sequence[Reply]:
    """All replies of the ticket with what they measured, oldest first."""
    query = select(Reply).options(selectinload(Reply.quantities)).where(Reply.ticket_id == ticket_id)
    return session.scalars(query.order_by(Reply.id)).all()


def draft_reply(session: Session, ticket_id: int) -> Reply | None:
    """The reply that the unit's leader has not approved, or None: it waits, or was sent back.

    Only of the department that has the ticket: one that returned it has left its draft behind.
    """
    latest = latest_reply(session, ticket_id)
    if latest is None or latest.state is not ReplyState.DRAFTED:
        return None
    return latest if latest.department_id == latest.ticket.holder_id else None
