"""Reads of holds and of the logs."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from hotline.retention.models import AnonymisedEntry, DeletionEntry, LegalHold
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

LONGEST_LIST = 200


def open_holds(session: Session) -> Sequence[LegalHold]:
    """Everything that is held now, oldest first."""
    held = select(LegalHold).options(joinedload(LegalHold.ticket)).where(LegalHold.lifted_at.is_(None))
    return session.scalars(held.order_by(LegalHold.id)).all()


def latest_deletions(session: Session) -> Sequence[DeletionEntry]:
    """The log's last lines, newest first."""
    lines = select(DeletionEntry).order_by(DeletionEntry.id.desc())
    return session.scalars(lines.limit(LONGEST_LIST)).all()


def latest_anonymised(session: Session) -> Sequence[AnonymisedEntry]:
    """The log's last lines, newest first; of a sealed ticket nothing is shown outside of its own pages."""
    lines = select(AnonymisedEntry).outerjoin(AnonymisedEntry.ticket)
    lines = lines.options(contains_eager(AnonymisedEntry.ticket))
    open_ones = or_(Ticket.id.is_(None), Ticket.confidentiality != Confidentiality.SEALED)
    return session.scalars(
        lines.where(open_ones).order_by(AnonymisedEntry.id.desc()).limit(LONGEST_LIST)
    ).all()
