"""Reads of departments' questions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.questions.models import UnitQuestion
from hotline.tickets.models import Ticket
from hotline.tickets.states import State


@asked_once
def questions_of(session: Session, ticket_id: int) -> Sequence[UnitQuestion]:
    """Everything that departments asked, oldest first."""
    query = select(UnitQuestion).options(joinedload(UnitQuestion.department))
    return session.scalars(query.where(UnitQuestion.ticket_id == ticket_id).order_by(UnitQuestion.id)).all()


def open_question(session: Session, ticket_id: int) -> UnitQuestion | None:
    """The question that the ticket waits for, or None."""
    return next((one for one in questions_of(session, ticket_id) if one.settled_at is None), None)


def waiting_questions(session: Session, limit: int = 200) -> Sequence[UnitQuestion]:
    """Questions that citizens have not answered, the earliest limit first."""
    query = select(UnitQuestion).join(Ticket).options(joinedload(UnitQuestion.ticket))
    query = query.where(UnitQuestion.settled_at.is_(None), Ticket.state == State.NEED_INFO_UNIT)
    return session.scalars(query.order_by(UnitQuestion.answer_by, UnitQuestion.id).limit(limit)).all()


def unanswered(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Ids of tickets whose citizen's time to answer is over."""
    query = select(UnitQuestion.ticket_id).where(UnitQuestion.due_at <= now)
    return session.scalars(query.order_by(UnitQuestion.due_at).limit(limit)).all()
