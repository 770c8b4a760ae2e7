"""Reads of imports. What has been sealed since is not shown and not counted."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from hotline.imports.models import ImportedMatter, MatterImport
from hotline.imports.rules import SEES_ALL
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality

SHOWN = 100


def imports_for(session: Session, actor: Actor) -> Sequence[tuple[MatterImport, int]]:
    """One's own, or for supervisors all, the newest first; each with how many of its tickets may be seen."""
    count = (
        select(func.count(ImportedMatter.id))
        .join(ImportedMatter.ticket)
        .where(ImportedMatter.import_id == MatterImport.id, _not_sealed())
        .scalar_subquery()
    )
    query = select(MatterImport, count).options(joinedload(MatterImport.by))
    if actor.has(*SEES_ALL):
        query = query.where(MatterImport.done_at.is_not(None) | (MatterImport.by_id == actor.user_id))
    else:
        query = query.where(MatterImport.by_id == actor.user_id)
    rows = session.execute(query.order_by(MatterImport.id.desc()).limit(SHOWN))
    return [(found, seen) for found, seen in rows]


def import_for(session: Session, actor: Actor, import_id: int) -> MatterImport | None:
    """The import, if this person may see it: one that is not done is for whoever has read it in."""
    found = session.get(MatterImport, import_id)
    if found is None or found.by_id == actor.user_id:
        return found
    return found if found.done_at is not None and actor.has(*SEES_ALL) else None


def tickets_of(session: Session, import_id: int) -> Sequence[tuple[int, Ticket]]:
    """Line and ticket, in the order of the sheet."""
    query = select(ImportedMatter.line, Ticket).join(ImportedMatter.ticket)
    query = query.where(ImportedMatter.import_id == import_id, _not_sealed()).order_by(ImportedMatter.line)
    return [(line, ticket) for line, ticket in session.execute(query)]


def _not_sealed() -> ColumnElement[bool]:
    return Ticket.confidentiality != Confidentiality.SEALED
