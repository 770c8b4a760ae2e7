"""Reads of inspections."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from hotline.inspections.models import Inspection
from hotline.people.models import Department

_SHOWN = (
    joinedload(Inspection.department),
    joinedload(Inspection.ticket),
    selectinload(Inspection.findings),
)


def inspections(session: Session, closed: bool = False, limit: int = 200) -> Sequence[Inspection]:
    """Those that are not over, the oldest first; or those that are, the newest first."""
    query = select(Inspection).options(*_SHOWN)
    if closed:
        query = query.where(Inspection.closed_at.is_not(None)).order_by(Inspection.id.desc())
    else:
        query = query.where(Inspection.closed_at.is_(None)).order_by(Inspection.inspected_on, Inspection.id)
    return session.scalars(query.limit(limit)).all()


def told_to(session: Session, department_id: int, limit: int = 200) -> Sequence[Inspection]:
    """What a department has been told of, the newest first."""
    query = select(Inspection).options(*_SHOWN)
    query = query.where(Inspection.department_id == department_id, Inspection.told_at.is_not(None))
    return session.scalars(query.order_by(Inspection.told_at.desc(), Inspection.id).limit(limit)).all()


def inspected_departments(session: Session) -> Sequence[Department]:
    """Those that may be inspected: all but the hotline."""
    query = select(Department).where(Department.is_hotline.is_(False)).order_by(Department.code)
    return session.scalars(query).all()
