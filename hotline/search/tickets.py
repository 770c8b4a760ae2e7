"""The search in tickets. People find what they may open; by masked words they find nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, selectinload

from hotline.dispatch.models import Assignment
from hotline.people.actors import Actor
from hotline.redaction.rules import masked
from hotline.text_index import contains, phrases
from hotline.tickets import privacy
from hotline.tickets.index import TICKETS, words_of
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import HOTLINE_ROLES, OFFICE_ROLES, SEES_NUMBERS, UNIT_ROLES
from hotline.tickets.states import ENDED, Confidentiality, TicketType

PAGE = 25


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words, and whatever else a ticket must be. Empty fields ask for nothing."""

    words: str = ""
    open: bool | None = None
    type: TicketType | None = None
    category: str = ""
    district: str = ""
    department_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None
    page: int = 1

    @property
    def asks(self) -> bool:
        """Whether anything is asked for at all."""
        nothing = Wanted(page=self.page)
        return self != nothing


@dataclass(frozen=True)
class TicketHit:
    """A ticket and the one of its texts that shows best why it was found."""

    ticket: Ticket
    text: str


@dataclass(frozen=True)
class Found:
    """A page of hits, the newest ticket first; whether there are more behind it."""

    hits: list[TicketHit]
    more: bool


def tickets(session: Session, actor: Actor, wanted: Wanted) -> Found:
    """Tickets that hold every part of the words (they stand between spaces), at most `PAGE`."""
    asked = phrases(wanted.words)
    if not wanted.asks or (wanted.words.strip() and not asked):
        return Found([], more=False)
    query = select(Ticket).options(selectinload(Ticket.questions)).where(may_find(actor), *_filters(wanted))
    for phrase in asked:
        query = query.where(Ticket.id.in_(TICKETS.matching(session, phrase)))
    rows = _page(session, query, wanted.page)
    hits = [hit for ticket in rows[:PAGE] if (hit := _hit(actor, ticket, asked)) is not None]
    return Found(hits, more=len(rows) > PAGE)


def of_telephone(session: Session, actor: Actor, number: str, page: int = 1) -> Found:
    """The tickets of a citizen's telephone number, for those who may know whose it is."""
    if not number or not actor.has(*SEES_NUMBERS):
        return Found([], more=False)
    query = select(Ticket).options(selectinload(Ticket.questions))
    rows = _page(session, query.where(may_find(actor), Ticket.complainant_phone == number), page)
    return Found([TicketHit(ticket, ticket.description) for ticket in rows[:PAGE]], more=len(rows) > PAGE)


def may_find(actor: Actor) -> ColumnElement[bool]:
    """As `hotline.tickets.privacy.may_read`, for a query over `Ticket`; nothing of a sealed matter, not for
    those either who may open it: they have a place of their own for them."""
    assigned = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id, Assignment.department_id == actor.department_id
    )
    everything = true() if actor.has(*HOTLINE_ROLES, *OFFICE_ROLES) else false()
    own = assigned.exists() if actor.has(*UNIT_ROLES) and actor.department_id is not None else false()
    findable = Ticket.confidentiality != Confidentiality.SEALED
    return and_(Ticket.number.is_not(None), findable, or_(everything, own))


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
        (wanted.type, lambda: Ticket.type == wanted.type),
        (wanted.category, lambda: Ticket.category_code == wanted.category),
        (wanted.district, lambda: Ticket.district == wanted.district),
        (wanted.department_id, lambda: Ticket.holder_id == wanted.department_id),
        (wanted.since, lambda: Ticket.received_at >= wanted.since),
        (wanted.before, lambda: Ticket.received_at < wanted.before),
    ]
    conditions = [condition() for value, condition in asked if value]
    if wanted.open is not None:
        conditions.append(Ticket.state.not_in(ENDED) if wanted.open else Ticket.state.in_(ENDED))
    return conditions


def _page(session: Session, query: Select[Ticket], page: int) -> Sequence[Ticket]:
    """One more than a page holds, which tells whether there is another."""
    newest_first = query.order_by(Ticket.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    return session.scalars(newest_first).all()


def _hit(actor: Actor, ticket: Ticket, asked: Sequence[Sequence[str]]) -> TicketHit | None:
    """None where only words that are masked for the actor match: that there is a hit would tell them."""
    texts = words_of(ticket)
    if not privacy.sees_identity(actor, ticket):
        texts = [masked(text) for text in texts]
        whole = "\n".join(texts)
        if not all(contains(whole, phrase) for phrase in asked):
            return None
    with_words = [text for phrase in asked for text in texts if contains(text, phrase)]
    return TicketHit(ticket, next(iter(with_words or texts), ""))
