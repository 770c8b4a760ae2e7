"""Reads of what citizens ask for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.appeals.models import Appeal, AppealKind, AppealState
from hotline.appeals.rules import REOPENED, WITH_A_DEPARTMENT, WITHDRAWN_FROM
from hotline.asked_once import asked_once
from hotline.dispatch.models import Assignment, AssignmentRole
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State


@asked_once
def appeals_of(session: Session, ticket_id: int) -> Sequence[Appeal]:
    """All of a ticket, oldest first."""
    people = (joinedload(Appeal.asked_by), joinedload(Appeal.checked_by), joinedload(Appeal.decided_by))
    query = select(Appeal).options(*people).where(Appeal.ticket_id == ticket_id)
    return session.scalars(query.order_by(Appeal.id)).all()


@asked_once
def waiting_appeal(session: Session, ticket_id: int) -> Appeal | None:
    """What waits for a decision, or None: a withdrawal no longer does once its ticket has ended."""
    query = select(Appeal).join(Ticket).where(Appeal.ticket_id == ticket_id, _waits())
    return session.scalar(query.order_by(Appeal.id.desc()).limit(1))


def waiting_appeals(session: Session, limit: int = 200) -> Sequence[Appeal]:
    """Everything that waits for a decision, the oldest first; nothing of what is sealed."""
    return _listed(session, undecided(), limit)


def to_check(session: Session, limit: int = 200) -> Sequence[Appeal]:
    """Withdrawals whose citizen has not been asked yet whether they are free to, the oldest first."""
    return _listed(session, unchecked(), limit)


def undecided() -> Select[Appeal]:
    """All that waits for a decision."""
    return select(Appeal).join(Ticket).where(_waits())


def unchecked() -> Select[Appeal]:
    """All withdrawals whose citizen is to be called."""
    withdrawal = (Appeal.kind == AppealKind.WITHDRAWAL, Appeal.checked_at.is_(None))
    return undecided().where(*withdrawal, Ticket.state.in_(WITHDRAWN_FROM))


def taken_up_again(session: Session, department_id: int, limit: int = 50) -> Sequence[Ticket]:
    """Tickets that this department led until they ended, and that wait to be dispatched again."""
    reopened = select(HistoryLine.id).where(
        HistoryLine.ticket_id == Ticket.id,
        HistoryLine.event.in_(REOPENED),
        HistoryLine.at >= Assignment.dispatched_at,
    )
    led = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id,
        Assignment.department_id == department_id,
        Assignment.role == AssignmentRole.LEAD,
        reopened.correlate(Ticket, Assignment).exists(),
    )
    query = select(Ticket).where(Ticket.state == State.TO_DISPATCH, led.exists())
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(query.order_by(Ticket.id).limit(limit)).all()


def _listed(session: Session, query: Select[Appeal], limit: int) -> Sequence[Appeal]:
    query = query.where(Ticket.confidentiality != Confidentiality.SEALED)
    query = query.options(joinedload(Appeal.ticket)).order_by(Appeal.id).limit(limit)
    return session.scalars(query).all()


def _waits() -> ColumnElement[bool]:
    withdrawal = Appeal.kind == AppealKind.WITHDRAWAL
    in_its_place = or_(
        and_(withdrawal, Ticket.state.in_(WITH_A_DEPARTMENT)),
        and_(~withdrawal, Ticket.state.in_((State.CLOSED, State.NOT_ACCEPTED))),
    )
    return and_(Appeal.state == AppealState.ASKED, in_its_place)
