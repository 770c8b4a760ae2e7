"""Reads of holds and of the deletion log."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.retention.models import DeletionEntry, LegalHold

LONGEST_LIST = 200


def open_holds(session: Session) -> Sequence[LegalHold]:
    """Everything that is held now, oldest first."""
    held = select(LegalHold).options(joinedload(LegalHold.ticket)).where(LegalHold.lifted_at.is_(None))
    return session.scalars(held.order_by(LegalHold.id)).all()


def latest_deletions(session: Session) -> Sequence[DeletionEntry]:
    """The log's last lines, newest first."""
    lines = select(DeletionEntry).order_by(DeletionEntry.id.desc())
    return session.scalars(lines.limit(LONGEST_LIST)).all()
