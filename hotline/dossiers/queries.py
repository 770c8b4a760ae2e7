"""Reads of orders."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.dossiers.models import Dossier, DossierState


def dossiers_of(session: Session, ticket_id: int) -> Sequence[Dossier]:
    """Every order of the ticket, newest first."""
    query = select(Dossier).options(joinedload(Dossier.ordered_by)).where(Dossier.ticket_id == ticket_id)
    return session.scalars(query.order_by(Dossier.id.desc())).all()


def dossier_of(session: Session, ticket_id: int, dossier_id: int) -> Dossier | None:
    """The order, if it is this ticket's; else None."""
    found = session.get(Dossier, dossier_id)
    return found if found is not None and found.ticket_id == ticket_id else None


def is_making(dossiers: Sequence[Dossier]) -> bool:
    """Whether one of them still grows."""
    return any(one.state is DossierState.MAKING for one in dossiers)
