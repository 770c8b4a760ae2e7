"""Files of a ticket whose period is over: the rows and, if nobody else has the same, the bytes."""

from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.queries import named
from hotline.evidence.store import Store


class Removed(NamedTuple):
    """Rows of the database, files on the disk, and their bytes."""

    rows: int
    files: int
    bytes: int


def remove(session: Session, context: Context, ticket_id: int) -> Removed:
    """Every file of the ticket, withdrawn ones too. Raises `OSError`; bytes that are gone are no error.

    The bytes go before the transaction ends: where it fails after that, the rows stay and name nothing, and
    the next pass finishes. A file without a row would be found by nobody.
    """
    sizes: dict[str, int] = {}
    rows = 0
    for entity in (Attachment, Enclosure):
        mine = session.execute(select(entity.sha256, entity.size).where(entity.ticket_id == ticket_id)).all()
        sizes |= {row.sha256: row.size for row in mine}
        rows += len(mine)
        session.execute(delete(entity).where(entity.ticket_id == ticket_id))
    others = named(session, list(sizes)) if sizes else set()
    store = Store.of(context.settings)
    gone = [digest for digest in sizes if digest not in others and store.remove(digest)]
    return Removed(rows, len(gone), sum(sizes[digest] for digest in gone))
