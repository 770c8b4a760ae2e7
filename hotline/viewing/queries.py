"""Reads of both logs. Nothing of a ticket that is sealed now leaves them, but by `before_sealing`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.built_once import built_once
from hotline.calls.models import Call
from hotline.people.actors import Actor
from hotline.people.models import User
from hotline.tickets.models import Ticket
from hotline.tickets.sight import UNMASKERS
from hotline.tickets.states import Confidentiality
from hotline.viewing.models import TicketView, Unmasking

LINES_A_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which lines: of this ticket, this person, from `since` until before `before`; None: of all."""

    number: str = ""
    user_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Page:
    """The lines of one page, the newest first."""

    lines: Sequence[Any]
    number: int
    has_more: bool


def unmasked_tickets(session: Session, actor: Actor, now: datetime) -> frozenset[int]:
    """Tickets whose citizen is shown in full to this person now."""
    if not actor.has(*UNMASKERS):
        return frozenset()
    return frozenset(session.scalars(*_unmasked_tickets(actor.user_id or 0, now)))


@built_once
def _unmasked_tickets(user_id: int, now: datetime) -> Select[tuple[int]]:
    return _open(Unmasking.ticket_id, user_id, now)


def unmasked_calls(session: Session, actor: Actor, now: datetime) -> frozenset[int]:
    """Calls whose number is shown in full to this person now; none of a contact with a sealed ticket."""
    mine = _open(Unmasking.call_id, actor.user_id, now).join(Call, Unmasking.call_id == Call.id)
    return frozenset(session.scalars(mine.where(~_sealed_contact(Call.contact_id))))


def views(session: Session, wanted: Wanted, page: int) -> Page:
    """Lines of `TicketView`."""
    found = select(TicketView).join(Ticket).where(_OPEN_TICKET).options(joinedload(TicketView.ticket))
    return _page(session, found, TicketView, wanted, page)


def unmaskings(session: Session, wanted: Wanted, page: int) -> Page:
    """Lines of `Unmasking`."""
    sealed_call = _sealed_contact(Call.contact_id)
    found = (
        select(Unmasking)
        .outerjoin(Ticket, Unmasking.ticket_id == Ticket.id)
        .outerjoin(Call, Unmasking.call_id == Call.id)
        .where(or_(_OPEN_TICKET, and_(Unmasking.call_id.is_not(None), ~sealed_call)))
        .options(joinedload(Unmasking.ticket))
    )
    return _page(session, found, Unmasking, wanted, page)


def before_sealing(session: Session, limit: int = 500) -> Sequence[TicketView]:
    """Who had seen tickets that are sealed now, the newest first: for the auditors of sealed matters."""
    found = select(TicketView).join(Ticket).where(Ticket.confidentiality == Confidentiality.SEALED)
    newest = found.options(joinedload(TicketView.ticket)).order_by(TicketView.id.desc())
    return session.scalars(newest.limit(limit)).all()


def viewers(session: Session) -> list[tuple[int, str]]:
    """Everybody who can have seen something, by name."""
    rows = session.execute(select(User.id, User.display_name).order_by(User.display_name, User.id))
    return [(row[0], row[1]) for row in rows]


_OPEN_TICKET = Ticket.confidentiality != Confidentiality.SEALED


def _open(column: Any, user_id: int | None, now: datetime) -> Select[tuple[int]]:
    mine = select(column).where(Unmasking.user_id == user_id, Unmasking.until_at > now)
    return mine.where(column.is_not(None))


def _sealed_contact(contact_id: Any) -> ColumnElement[bool]:
    sealed = select(Ticket.id).where(Ticket.contact_id == contact_id, ~_OPEN_TICKET)
    return sealed.correlate(Call).exists()


def _page(session: Session, found: Any, log: Any, wanted: Wanted, page: int) -> Page:
    if wanted.number:
        found = found.where(Ticket.number == wanted.number.upper())
    if wanted.user_id is not None:
        found = found.where(log.user_id == wanted.user_id)
    if wanted.since is not None:
        found = found.where(log.at >= wanted.since)
    if wanted.before is not None:
        found = found.where(log.at < wanted.before)
    newest = found.order_by(log.id.desc()).offset((page - 1) * LINES_A_PAGE).limit(LINES_A_PAGE + 1)
    lines = session.scalars(newest).all()
    return Page(lines[:LINES_A_PAGE], page, len(lines) > LINES_A_PAGE)
