"""Files that citizens send along with their words."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once
from hotline.context import Context
from hotline.evidence.apart import Inspected
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.kinds import IMAGES, Kind
from hotline.evidence.models import Enclosure
from hotline.people.actors import Actor, citizen
from hotline.tickets import privacy
from hotline.tickets.models import Ticket

KINDS = IMAGES | {Kind.PDF}
"""Photographs and documents: what a telephone makes and everybody can open. No sheets, no sound."""

ENCLOSED = "enclosed"


def enclose(session: Session, context: Context, ticket: Ticket, files: Sequence[Inspected]) -> int:
    """Files whose bytes are stored belong to the matter from now on. Returns how many are new to it.

    Raises `FileRefused` beyond what the settings allow for a matter, in number or in bytes.
    """
    there = {one.sha256: one.size for one in enclosures_of(session, ticket.id)}
    count = len(there)
    for file in files:
        if file.sha256 in there:
            continue
        there[file.sha256] = len(file.content)
        if len(there) > context.settings.enclosure_files or sum(there.values()) > _most_bytes(context):
            raise FileRefused(file.name, Fault.TOO_MANY)
        session.add(_enclosure(context, ticket, file))
    if added := len(there) - count:
        ticket.note(ENCLOSED, citizen(), context.now(), files=added)
    return added


@asked_once
def enclosures_of(session: Session, ticket_id: int) -> Sequence[Enclosure]:
    """The citizen's files, oldest first."""
    query = select(Enclosure).where(Enclosure.ticket_id == ticket_id)
    return session.scalars(query.order_by(Enclosure.id)).all()


def by_ticket(session: Session, ticket_ids: Collection[int]) -> Mapping[int, Sequence[Enclosure]]:
    """The citizens' files of these tickets; those without any are left out."""
    query = select(Enclosure).where(Enclosure.ticket_id.in_(ticket_ids))
    found = session.scalars(query.order_by(Enclosure.ticket_id, Enclosure.id)).all()
    return {ticket_id: list(those) for ticket_id, those in groupby(found, lambda one: one.ticket_id)}


def enclosure(session: Session, ticket_id: int, enclosure_id: int) -> Enclosure | None:
    """The file, if it came with this ticket; else None."""
    found = session.get(Enclosure, enclosure_id)
    return found if found is not None and found.ticket_id == ticket_id else None


def may_open(actor: Actor, ticket: Ticket) -> bool:
    """Whether somebody who may read the ticket may open what its citizen sent: a paper tells who they are."""
    return privacy.sees_identity(actor, ticket)


def _most_bytes(context: Context) -> int:
    return context.settings.enclosure_total_bytes


def _enclosure(context: Context, ticket: Ticket, file: Inspected) -> Enclosure:
    return Enclosure(
        ticket_id=ticket.id,
        sent_at=context.now(),
        kind=file.kind,
        name=file.name,
        size=len(file.content),
        sha256=file.sha256,
    )
