"""Reads of who is where. Nobody is at a ticket that is sealed, also if it is sealed while they look."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.people.models import User
from hotline.presence.models import Presence
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality


@dataclass(frozen=True)
class Here:
    """Somebody who has a ticket open, and since when."""

    name: str
    since: datetime


def others_at(
    session: Session, ticket_ids: Collection[int], user_id: int | None, now: datetime
) -> dict[int, list[Here]]:
    """By ticket, who but this user has it open, the first who came first; none where nobody is."""
    if not ticket_ids:
        return {}
    query = (
        select(Presence.ticket_id, Presence.user_id, User.display_name, Presence.since)
        .join(Presence.user)
        .join(Ticket, Presence.ticket_id == Ticket.id)
        .where(Presence.ticket_id.in_(ticket_ids), Presence.until_at > now)
        .where(Presence.user_id != user_id, Ticket.confidentiality != Confidentiality.SEALED)
        .order_by(Presence.since, Presence.id)
    )
    found: dict[int, dict[int, Here]] = {}
    for ticket_id, other_id, name, since in session.execute(query):
        found.setdefault(ticket_id, {}).setdefault(other_id, Here(name, since))
    return {ticket_id: list(people.values()) for ticket_id, people in found.items()}


def since_of(session: Session, ticket_id: int, user_id: int, now: datetime) -> datetime | None:
    """Since when the user has the ticket open on any page; None if they have not."""
    query = select(Presence.since).where(Presence.ticket_id == ticket_id, Presence.user_id == user_id)
    return session.scalar(query.where(Presence.until_at > now).order_by(Presence.since).limit(1))


def gone(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of presences that have not said so again in time."""
    return session.scalars(select(Presence.id).where(Presence.until_at <= now).limit(limit)).all()
