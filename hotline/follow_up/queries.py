"""Reads of follow-ups."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.asked_once import asked_once
from hotline.follow_up.models import Attempt, FollowUp, FollowUpState
from hotline.tickets.models import HistoryLine

OPEN = (FollowUpState.DUE, FollowUpState.CALLING, FollowUpState.NEEDS_FINDING)


def due(session: Session, now: datetime, limit: int = 20) -> Sequence[int]:
    """Ids of follow-ups to dial now, the longest owed first."""
    query = select(FollowUp.id).where(FollowUp.state == FollowUpState.DUE, FollowUp.due_at <= now)
    return session.scalars(query.order_by(FollowUp.due_at).limit(limit)).all()


def open_follow_ups(session: Session, limit: int = 200) -> Sequence[FollowUp]:
    """Everything that is not done, for the callback staff's list."""
    query = not_done().options(joinedload(FollowUp.ticket), selectinload(FollowUp.attempts))
    return session.scalars(query.order_by(FollowUp.due_at, FollowUp.id).limit(limit)).all()


def not_done() -> Select[FollowUp]:
    """The same, to be counted."""
    return select(FollowUp).where(FollowUp.state.in_(OPEN))


@asked_once
def of_ticket(session: Session, ticket_id: int) -> Sequence[FollowUp]:
    """A ticket's follow-ups with their attempts, oldest first."""
    query = select(FollowUp).options(selectinload(FollowUp.attempts))
    return session.scalars(query.where(FollowUp.ticket_id == ticket_id).order_by(FollowUp.id)).all()


def open_of(session: Session, ticket_id: int) -> FollowUp | None:
    """The ticket's follow-up that is not done yet, or None."""
    return next((one for one in reversed(of_ticket(session, ticket_id)) if one.state in OPEN), None)


def reworks(session: Session, ticket_ids: Collection[int]) -> Mapping[int, int]:
    """How often each was sent back to its department for rework; those that never were are left out."""
    query = select(HistoryLine.ticket_id, func.count()).group_by(HistoryLine.ticket_id)
    query = query.where(HistoryLine.ticket_id.in_(ticket_ids), HistoryLine.event == "redispatch")
    return {row[0]: row[1] for row in session.execute(query)}


def attempt_on_channel(session: Session, channel_id: str) -> Attempt | None:
    """The attempt that dialled this channel, or None."""
    return session.scalar(select(Attempt).where(Attempt.channel_id == channel_id))
