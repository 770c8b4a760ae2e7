"""Reads of the knowledge base: lists, what is offered at the desk, candidates, freshness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.knowledge.index import ENTRIES
from hotline.knowledge.models import CandidateDismissal, Entry, Feedback
from hotline.screening.models import AnswerReview, DirectAnswer
from hotline.text_index import phrases
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

PAGE = 30
OFFERED = 3
CITED = "知识库"
"""How the basis of an answer that rests on an entry begins."""


class Shelf(StrEnum):
    """Which entries are looked at."""

    OFFERED = "offered"
    OVERDUE = "overdue"
    ENDED = "ended"


@dataclass(frozen=True)
class Listed:
    """A page of entries; whether there are more behind it."""

    entries: Sequence[Entry]
    more: bool


@dataclass(frozen=True)
class Freshness:
    """知识库及时率: entries that were looked at within their cycle, of all that are offered."""

    in_cycle: int
    entries: int


def listed(
    session: Session,
    now: datetime,
    day: date,
    shelf: Shelf = Shelf.OFFERED,
    words: str = "",
    category: str = "",
    page: int = 1,
) -> Listed:
    """Entries of a shelf that hold every part of the words; the newest change first."""
    query = select(Entry).options(joinedload(Entry.owner)).where(_on(shelf, day))
    if category:
        query = query.where(Entry.category_code == category)
    for phrase in phrases(words):
        query = query.where(Entry.id.in_(ENTRIES.matching(session, phrase)))
    if shelf is Shelf.OVERDUE:
        query = query.where(Entry.review_due_at < now)
    query = query.order_by(Entry.changed_at.desc(), Entry.id.desc()).offset((page - 1) * PAGE)
    found = session.scalars(query.limit(PAGE + 1)).all()
    return Listed(found[:PAGE], more=len(found) > PAGE)


def offered(
    session: Session, day: date, category: str = "", words: str = "", limit: int = OFFERED
) -> Sequence[Entry]:
    """What an agent may answer by: entries that hold the words; without words, those of the class."""
    asked = phrases(words)
    if not asked and not category:
        return []
    query = select(Entry).options(joinedload(Entry.owner)).where(_on(Shelf.OFFERED, day))
    for phrase in asked:
        query = query.where(Entry.id.in_(ENTRIES.matching(session, phrase)))
    if not asked:
        query = query.where(Entry.category_code == category)
    of_class_first = case((Entry.category_code == category, 0), else_=1)
    return session.scalars(query.order_by(of_class_first, Entry.changed_at.desc()).limit(limit)).all()


def entry_of(session: Session, entry_id: int) -> Entry | None:
    """An entry with owner, versions and feedback."""
    return session.scalar(select(Entry).options(joinedload(Entry.owner)).where(Entry.id == entry_id))


def freshness(session: Session, now: datetime, day: date) -> Freshness:
    """How many of the entries that are offered were looked at in time."""
    in_cycle = func.count().filter(Entry.review_due_at >= now)
    counted = select(in_cycle, func.count()).select_from(Entry).where(_on(Shelf.OFFERED, day))
    return Freshness(*session.execute(counted).one())


def open_feedback(session: Session, limit: int = 100) -> Sequence[Feedback]:
    """What readers said that nobody has settled; the oldest first."""
    query = select(Feedback).options(joinedload(Feedback.entry)).where(Feedback.settled_at.is_(None))
    return session.scalars(query.order_by(Feedback.id).limit(limit)).all()


def open_feedback_count(session: Session) -> int:
    """How many."""
    return session.scalar(select(func.count(Feedback.id)).where(Feedback.settled_at.is_(None))) or 0


def candidates(session: Session, limit: int = 50) -> Sequence[tuple[Ticket, DirectAnswer]]:
    """Consultations that were answered without an entry, and of which none was made; the newest first."""
    query = select(Ticket, DirectAnswer).join(Ticket, DirectAnswer.ticket_id == Ticket.id)
    rows = session.execute(query.where(_is_candidate()).order_by(DirectAnswer.id.desc()).limit(limit))
    return [(ticket, answer) for ticket, answer in rows]


def candidate(session: Session, ticket_id: int) -> tuple[Ticket, DirectAnswer] | None:
    """One of them."""
    query = select(Ticket, DirectAnswer).join(Ticket, DirectAnswer.ticket_id == Ticket.id)
    found = session.execute(
        query.where(Ticket.id == ticket_id, _is_candidate()).order_by(DirectAnswer.id.desc())
    ).first()
    return (found[0], found[1]) if found else None


def _on(shelf: Shelf, day: date) -> ColumnElement[bool]:
    """`hotline.knowledge.rules.is_offered` for a query."""
    ended = or_(Entry.withdrawn_at.is_not(None), Entry.valid_until < day)
    if shelf is Shelf.ENDED:
        return ended
    running = or_(Entry.valid_until.is_(None), Entry.valid_until >= day)
    return and_(Entry.withdrawn_at.is_(None), Entry.valid_from <= day, running)


def _is_candidate() -> ColumnElement[bool]:
    made = select(Entry.id).where(Entry.source_ticket_id == Ticket.id)
    dismissed = select(CandidateDismissal.ticket_id).where(CandidateDismissal.ticket_id == Ticket.id)
    return and_(
        Ticket.confidentiality == Confidentiality.NORMAL,
        DirectAnswer.review != AnswerReview.WRONG,
        ~DirectAnswer.basis.startswith(CITED),
        ~made.exists(),
        ~dismissed.exists(),
    )
