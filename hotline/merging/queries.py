"""Reads of merged tickets and of what might be merged."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from hotline.citizens.reminders import OFTEN_REMINDED
from hotline.follow_up.models import FollowUp, FollowUpState
from hotline.follow_up.queries import OPEN, of_ticket
from hotline.merging.rules import OPEN as STILL_OPEN
from hotline.merging.rules import obstacle
from hotline.suggestions.similar import Alike, Matter, alike_to
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import State

MOST_CANDIDATES = 5
_LOOKED_THROUGH = 20
_Master = aliased(Ticket)
_OVER = (State.CLOSED, State.ARCHIVED)


def candidates(session: Session, ticket: Ticket, now: datetime) -> list[Alike]:
    """Open tickets that may be the same matter and under which this one might be merged, likest first."""
    if ticket.merged:
        return []
    found = alike_to(session, Matter.of(ticket, ticket.description, {}), now, _LOOKED_THROUGH)
    return [one for one in found if obstacle(ticket, one.ticket) is None][:MOST_CANDIDATES]


def said_unsolved(session: Session, ticket: Ticket) -> bool:
    """Whether the citizen of a merged ticket said no, and somebody found the cause to be the handling's."""
    latest = next((f for f in reversed(of_ticket(session, ticket.id))), None)
    return latest is not None and latest.state is FollowUpState.DONE and latest.solved is False


def unsolved(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Merged tickets whose citizen says no while the master is closed already, the oldest first."""
    later = aliased(FollowUp)
    newer = select(later.id).where(later.ticket_id == FollowUp.ticket_id, later.id > FollowUp.id)
    query = (
        select(Ticket)
        .join(_Master, Ticket.master_id == _Master.id)
        .join(FollowUp, FollowUp.ticket_id == Ticket.id)
        .where(Ticket.state == State.MERGED, _Master.state.in_(_OVER), ~newer.exists())
        .where(FollowUp.state == FollowUpState.DONE, FollowUp.solved.is_(False))
        .options(joinedload(Ticket.contact))
    )
    return session.scalars(query.order_by(Ticket.id).limit(limit)).all()


def often_reminded(session: Session, limit: int = 200) -> Sequence[Ticket]:
    """Open tickets of which somebody has reminded us three times or more, the earliest due first."""
    told = select(HistoryLine.id).where(
        HistoryLine.ticket_id == Ticket.id, HistoryLine.event == OFTEN_REMINDED
    )
    query = select(Ticket).options(joinedload(Ticket.contact))
    query = query.where(Ticket.state.in_(STILL_OPEN), told.exists())
    return session.scalars(
        query.order_by(Ticket.due_at.is_(None), Ticket.due_at, Ticket.id).limit(limit)
    ).all()


def never_asked(session: Session, limit: int) -> Sequence[int]:
    """Ids of merged tickets whose master is closed, and whose citizen was not asked about it."""
    return session.scalars(_never_asked().order_by(Ticket.id).limit(limit)).all()


def is_never_asked(session: Session, ticket_id: int) -> bool:
    """Whether the ticket is one of these."""
    return session.scalar(_never_asked().where(Ticket.id == ticket_id)) is not None


def _never_asked() -> Select[int]:
    asked = select(FollowUp.id).where(FollowUp.ticket_id == Ticket.id, _is_about_this_closing())
    query = select(Ticket.id).join(_Master, Ticket.master_id == _Master.id)
    return query.where(Ticket.state == State.MERGED, _Master.state.in_(_OVER), ~asked.exists())


def _is_about_this_closing() -> ColumnElement[bool]:
    """Open, or owed since the master was last reopened."""
    reopened = select(func.max(HistoryLine.at)).where(
        HistoryLine.ticket_id == Ticket.master_id, HistoryLine.event == "reopen"
    )
    since = func.coalesce(reopened.correlate(Ticket).scalar_subquery(), Ticket.received_at)
    return FollowUp.state.in_(OPEN) | (
        (FollowUp.owed_at >= since) & (FollowUp.state != FollowUpState.DROPPED)
    )
