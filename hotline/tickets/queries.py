"""Reads of tickets for pages and lists."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State


def with_everything(session: Session, ticket_id: int) -> Ticket | None:
    """A ticket with contact, questions and history, or None."""
    query = (
        select(Ticket)
        .options(selectinload(Ticket.contact), selectinload(Ticket.questions), selectinload(Ticket.history))
        .where(Ticket.id == ticket_id)
    )
    return session.scalar(query)


def by_number(session: Session, number: str) -> Ticket | None:
    """The ticket with this number and its contact, or None."""
    query = select(Ticket).options(joinedload(Ticket.contact, innerjoin=True))
    return session.scalar(query.where(Ticket.number == number.strip().upper()))


def by_numbers(session: Session, numbers: Collection[str]) -> Sequence[Ticket]:
    """Those of the tickets that there are."""
    return session.scalars(select(Ticket).where(Ticket.number.in_(numbers))).all()


def in_states(*states: State, holder_id: int | None = None) -> Select[Ticket]:
    """The question for tickets in these states, the earliest due first, those without a due time by age."""
    query = select(Ticket).where(Ticket.state.in_(states))
    if holder_id is not None:
        query = query.where(Ticket.holder_id == holder_id)
    return query.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id)


def moves_since(session: Session, ticket_id: int, line_id: int, limit: int = 5) -> Sequence[HistoryLine]:
    """What came after this line of a ticket's history and changed its state, the newest first."""
    moved = HistoryLine.from_state.is_not(None) & (HistoryLine.from_state != HistoryLine.to_state)
    query = select(HistoryLine).where(HistoryLine.ticket_id == ticket_id, HistoryLine.id > line_id, moved)
    return session.scalars(query.order_by(HistoryLine.id.desc()).limit(limit)).all()


def of_number(session: Session, number: str, limit: int = 10) -> Sequence[Ticket]:
    """The newest tickets of a telephone number, sealed ones left out; none for a withheld number."""
    if not number:
        return []
    query = select(Ticket).where(Ticket.complainant_phone == number, Ticket.number.is_not(None))
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(query.order_by(Ticket.id.desc()).limit(limit)).all()
