"""Reads of what citizens did with their tickets."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.citizens.reminders import REMINDED, SUPPLEMENTED
from hotline.tickets.models import HistoryLine


class Marks(NamedTuple):
    """How often a citizen has reminded us, and added something."""

    reminders: int = 0
    supplements: int = 0


def marks_of(session: Session, ticket_ids: Collection[int]) -> Mapping[int, Marks]:
    """By ticket; those whose citizen did neither are left out."""
    line = HistoryLine
    query = select(line.ticket_id, line.event, func.count()).group_by(line.ticket_id, line.event)
    query = query.where(line.ticket_id.in_(ticket_ids), line.event.in_((REMINDED, SUPPLEMENTED)))
    counts = {(ticket_id, event): count for ticket_id, event, count in session.execute(query)}
    return {
        ticket_id: Marks(counts.get((ticket_id, REMINDED), 0), counts.get((ticket_id, SUPPLEMENTED), 0))
        for ticket_id, _ in counts
    }


def added_to(session: Session, ticket_ids: Collection[int]) -> Mapping[int, Sequence[HistoryLine]]:
    """What citizens added to these tickets, the oldest first; those without are left out."""
    line = HistoryLine
    query = select(line).where(line.ticket_id.in_(ticket_ids), line.event == SUPPLEMENTED)
    found = session.scalars(query.order_by(line.ticket_id, line.id)).all()
    return {ticket_id: list(those) for ticket_id, those in groupby(found, lambda one: one.ticket_id)}


def marks_in(history: Iterable[HistoryLine]) -> Marks | None:
    """The same of one ticket whose history is read already; None where its citizen did neither."""
    counted = Counter(line.event for line in history)
    marks = Marks(counted[REMINDED], counted[SUPPLEMENTED])
    return marks if any(marks) else None
