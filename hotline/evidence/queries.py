"""Reads of attached files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hotline.asked_once import asked_once
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.rules import may_open, name_for_all
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket


@dataclass(frozen=True)
class Listed:
    """A file as whoever looks may know of it."""

    attachment: Attachment
    may_open: bool

    @property
    def name(self) -> str:
        """Of papers and proofs of contact no more than the ending, for those who may not open them."""
        file = self.attachment
        return file.name if self.may_open else name_for_all(file.name, file.purpose)


@asked_once
def attachments_of(session: Session, ticket_id: int) -> Sequence[Attachment]:
    """Every file of the ticket, withdrawn ones too, oldest first."""
    query = select(Attachment).where(Attachment.ticket_id == ticket_id)
    people = (joinedload(Attachment.added_by), joinedload(Attachment.department))
    return session.scalars(query.options(*people).order_by(Attachment.id)).all()


def listed(session: Session, actor: Actor, ticket: Ticket) -> list[Listed]:
    """The ticket's files for somebody who may read the ticket."""
    return [Listed(one, may_open(actor, ticket, one)) for one in attachments_of(session, ticket.id)]


def kept_of(session: Session, ticket_id: int, department_id: int | None) -> Sequence[Attachment]:
    """Files of the ticket that this department has attached and not withdrawn."""
    mine = (one for one in attachments_of(session, ticket_id) if one.department_id == department_id)
    return [one for one in mine if not one.is_withdrawn]


def attachment(session: Session, ticket_id: int, attachment_id: int) -> Attachment | None:
    """The file, if it is this ticket's; else None."""
    found = session.get(Attachment, attachment_id)
    return found if found is not None and found.ticket_id == ticket_id else None


def named(session: Session, digests: Collection[str]) -> set[str]:
    """Those of the digests that any file has, a department's or a citizen's."""
    queries = (select(each.sha256).where(each.sha256.in_(digests)) for each in (Attachment, Enclosure))
    return {digest for query in queries for digest in session.scalars(query)}
