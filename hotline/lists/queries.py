"""Reads of narrowed lists and of saved filters. Nothing sealed is in a narrowed list, nor counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import QueryableAttribute, Session, joinedload, selectinload

from hotline.lists.models import SavedFilter
from hotline.lists.rules import SOON, Due, Narrowing, standing
from hotline.people.actors import Actor
from hotline.redaction.rules import masked
from hotline.replies.causes import caused_by
from hotline.text_index import contains, phrases
from hotline.tickets import privacy
from hotline.tickets.aims import types_of
from hotline.tickets.index import TICKETS, words_of
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

SHOWN = 200


@dataclass(frozen=True)
class Candidates:
    """What a list holds in full: by a query in the list's order, or as tickets that are read already.

    `dues` are the limits by the tickets' ids, where they are others than the department's.
    """

    source: Select[Ticket] | Sequence[Ticket]
    dues: Mapping[int, datetime] | None = None

    @property
    def query(self) -> Select[Ticket]:
        """All of them."""
        if isinstance(self.source, Select):
            return self.source
        return select(Ticket).where(Ticket.id.in_([ticket.id for ticket in self.source]))

    @property
    def ids(self) -> list[int]:
        """Of tickets that are read already, in the list's order; none of a query."""
        return [] if isinstance(self.source, Select) else [ticket.id for ticket in self.source]


@dataclass(frozen=True)
class About:
    """A list of rows that are each about a ticket, as `row.ticket`: a query of them, joined with their
    tickets, in the list's order, and where a row has its own; which limit, department and level of
    supervision a row has. No department: that which holds the ticket."""

    query: Select[Any]
    ticket: QueryableAttribute[Ticket]
    due: SQLColumnExpression[Any]
    department: SQLColumnExpression[Any] | None = None
    level: SQLColumnExpression[Any] | None = None


def narrowed_rows(
    session: Session, actor: Actor, among: About, asked: Narrowing, now: datetime, limit: int = SHOWN
) -> list[Any]:
    """As `narrowed`, of rows."""
    loads = joinedload(among.ticket)
    if asked.words:
        loads = loads.selectinload(Ticket.questions)
    rows = session.scalars(_rows(session, among, asked, now).options(loads).limit(limit)).all()
    return [row for row in rows if _may_match(actor, row.ticket, asked.words)]


def counted_rows(session: Session, actor: Actor, among: About, asked: Narrowing, now: datetime) -> int:
    """As `counted`, of rows."""
    if asked.words:
        return len(narrowed_rows(session, actor, among, asked, now))
    all_of_them = _rows(session, among, asked, now).order_by(None)
    return session.scalar(all_of_them.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _rows(session: Session, among: About, asked: Narrowing, now: datetime) -> Select[Any]:
    department = Ticket.holder_id if among.department is None else among.department
    conditions = [Ticket.confidentiality != Confidentiality.SEALED, *_plain(asked, department)]
    if asked.due:
        conditions.append(_due_by(among.due, asked.due, now))
    if asked.level and among.level is not None:
        conditions.append(among.level == asked.level)
    return among.query.where(*conditions, *_words(session, asked))


def narrowed(
    session: Session, actor: Actor, among: Candidates, asked: Narrowing, now: datetime, limit: int = SHOWN
) -> list[Ticket]:
    """Those of them that are what is asked, in the list's order, at most `limit`.

    By words that are masked for the actor they find nothing.
    """
    if not isinstance(among.source, Select) and not asked.asks:
        return list(among.source)
    query = _narrowing(session, among, asked, now).limit(limit)
    if asked.words:
        query = query.options(selectinload(Ticket.questions))
    found = session.scalars(query).all()
    places = {ticket_id: place for place, ticket_id in enumerate(among.ids)}
    in_order = sorted(found, key=lambda ticket: places[ticket.id]) if places else found
    return [ticket for ticket in in_order if _may_match(actor, ticket, asked.words)]


def counted(session: Session, actor: Actor, among: Candidates, asked: Narrowing, now: datetime) -> int:
    """How many they are; of those with words at most `SHOWN` are looked at."""
    if asked.words:
        return len(narrowed(session, actor, among, asked, now))
    ids = _narrowing(session, among, asked, now).with_only_columns(Ticket.id).order_by(None)
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def saved_filters(session: Session, user_id: int | None, place: str) -> Sequence[SavedFilter]:
    """What this user has saved for the list, the oldest first."""
    mine = select(SavedFilter).where(SavedFilter.user_id == user_id, SavedFilter.place == place)
    return session.scalars(mine.order_by(SavedFilter.id)).all()


def _narrowing(session: Session, among: Candidates, asked: Narrowing, now: datetime) -> Select[Ticket]:
    open_to_all = Ticket.confidentiality != Confidentiality.SEALED
    return among.query.where(open_to_all, *_conditions(session, among, asked, now))


def _conditions(
    session: Session, among: Candidates, asked: Narrowing, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = _plain(asked, Ticket.holder_id)
    if asked.due:
        conditions.append(_due(among, asked.due, now))
    return [*conditions, *_words(session, asked)]


def _plain(asked: Narrowing, department: SQLColumnExpression[Any]) -> list[ColumnElement[bool]]:
    plain: list[tuple[Any, object]] = [
        (department, asked.department_id),
        (Ticket.category_code, asked.category),
        (Ticket.channel, asked.channel),
        (Ticket.urgency, asked.urgency),
        (Ticket.district, asked.district),
    ]
    found: list[ColumnElement[bool]] = [column == value for column, value in plain if value]
    if asked.aim:
        found.append(Ticket.type.in_(types_of(asked.aim)))
    return [*found, caused_by(asked.cause)] if asked.cause else found


def _words(session: Session, asked: Narrowing) -> list[ColumnElement[bool]]:
    if not asked.words:
        return []
    matches = [TICKETS.holds(session, Ticket.id, phrase) for phrase in phrases(asked.words)]
    by_number = Ticket.number.icontains(asked.words, autoescape=True)
    return [or_(by_number, and_(*matches)) if matches else by_number]


def _due(among: Candidates, due: Due, now: datetime) -> ColumnElement[bool]:
    if among.dues is not None:
        return Ticket.id.in_([one for one in among.ids if standing(among.dues.get(one), now) is due])
    return _due_by(Ticket.due_at, due, now)


def _due_by(limit: SQLColumnExpression[Any], due: Due, now: datetime) -> ColumnElement[bool]:
    match due:
        case Due.NONE:
            return limit.is_(None)
        case Due.OVERDUE:
            return limit <= now
        case Due.SOON:
            return and_(limit > now, limit <= now + SOON)
        case Due.LATER:
            return limit > now + SOON


def _may_match(actor: Actor, ticket: Ticket, words: str) -> bool:
    """False where only words that are masked for the actor match: that it is found would tell them."""
    if not words or words.upper() in (ticket.number or "") or privacy.sees_identity(actor, ticket):
        return True
    whole = "\n".join(masked(text) for text in words_of(ticket))
    return all(contains(whole, phrase) for phrase in phrases(words))
