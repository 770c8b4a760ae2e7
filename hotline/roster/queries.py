"""Reads of the roster."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.people.actors import Role
from hotline.people.models import User
from hotline.people.queries import agents
from hotline.roster.models import RosterEntry, RosterWeek

COMING_SHOWN = 5


def people(session: Session) -> list[User]:
    """Who can be put on the roster: active agents with a telephone, by extension."""
    return [one for one in agents(session) if Role.AGENT in one.role_set]


def week_row(session: Session, monday: date) -> RosterWeek | None:
    """The week, or None before anybody has written it."""
    return session.get(RosterWeek, monday)


def entries(session: Session, first: date, last: date) -> Sequence[RosterEntry]:
    """Shifts that begin on these days, both counted."""
    query = select(RosterEntry).where(RosterEntry.day >= first, RosterEntry.day <= last)
    return session.scalars(query).all()


def on_duty(session: Session, now: datetime) -> dict[int, RosterEntry]:
    """Whose shift is on, by user."""
    on = (RosterEntry.ends_at > now, RosterEntry.begins_at <= now)
    query = select(RosterEntry).options(joinedload(RosterEntry.user)).where(*on)
    return {one.user_id: one for one in session.scalars(query.order_by(RosterEntry.begins_at))}


def coming(session: Session, user_id: int, now: datetime) -> Sequence[RosterEntry]:
    """Somebody's next shifts, one that is on among them."""
    mine = select(RosterEntry).where(RosterEntry.user_id == user_id, RosterEntry.ends_at > now)
    return session.scalars(mine.order_by(RosterEntry.begins_at).limit(COMING_SHOWN)).all()
