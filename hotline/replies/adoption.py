"""Suggestions of citizens that were taken up, counted by department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from hotline.people.models import Department
from hotline.replies.models import Adoption, Reply, ReplyState
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality


@dataclass(frozen=True)
class Adopted:
    """How many suggestions a department has answered, by what became of them."""

    department: Department
    taken: int
    partly: int
    not_taken: int

    @property
    def answered(self) -> int:
        """All three."""
        return self.taken + self.partly + self.not_taken


def adopted(session: Session, since: datetime, before: datetime) -> Sequence[Adopted]:
    """By department, those that the hotline has accepted from `since` on and before `before`: of each ticket
    the newest such reply, and none of sealed ones."""
    later = aliased(Reply)
    newer = select(later.id).where(
        later.ticket_id == Reply.ticket_id, later.id > Reply.id, later.state == ReplyState.ACCEPTED
    )
    counts = [func.sum(case((Reply.adoption == adoption, 1), else_=0)) for adoption in Adoption]
    query = select(Reply.department_id, *counts).join(Ticket).group_by(Reply.department_id)
    query = query.where(
        Reply.adoption.is_not(None),
        Reply.state == ReplyState.ACCEPTED,
        ~newer.exists(),
        Reply.reviewed_at >= since,
        Reply.reviewed_at < before,
        Ticket.confidentiality != Confidentiality.SEALED,
    )
    found = {row[0]: row[1:] for row in session.execute(query)}
    units = session.scalars(select(Department).where(Department.id.in_(found)).order_by(Department.code))
    return [Adopted(unit, *found[unit.id]) for unit in units]
