"""Importing a sheet: look at it, then all of its rows at once."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.evidence.kinds import told_name
from hotline.imports.checking import Looked, look
from hotline.imports.models import ImportedMatter, MatterImport
from hotline.imports.rules import IMPORTERS, Row, SheetRefused, Wrong
from hotline.imports.sheets import read
from hotline.intake.service import drafted
from hotline.people.actors import NotPermitted
from hotline.tickets.service import submit

KEPT_UNDONE = timedelta(days=1)
"""So long somebody may look at a sheet before it is forgotten: it holds citizens' names and numbers."""
_DEED = "import matters"


class NoSuchImport(LookupError):
    """There is none, or not for this person."""


class RowsRefused(ValueError):
    """Rows have faults, so none comes in; `looked` are all of them."""

    def __init__(self, looked: Sequence[Looked]) -> None:
        super().__init__(f"{sum(bool(one.faults) for one in looked)} rows")
        self.looked = tuple(looked)


def look_at(context: Context, name: str, content: bytes) -> int:
    """A file whose rows could all come in, kept to be looked at. Returns the import's id.

    Raises `FileRefused`, `SheetRefused`, `RowsRefused` or `NotPermitted`; then nothing is kept.
    """
    context.actor.must_have(_DEED, *IMPORTERS)
    rows = read(name, content)
    digest = hashlib.sha256(content).hexdigest()
    with context.reading() as session:
        _not_done(session, digest)
        _faultless(look(session, context, rows))
    with context.writing() as session:
        kept = MatterImport(
            by_id=context.actor.user_id,
            read_at=context.now(),
            name=told_name(name),
            sha256=digest,
            row_count=len(rows),
            read_rows=[asdict(row) for row in rows],
        )
        session.add(kept)
        session.flush()
        return kept.id


def bring_in(context: Context, import_id: int) -> None:
    """Every row becomes a registered ticket, in one transaction. Pressed again, it has been done.

    Raises `RowsRefused` or `SheetRefused` where something else has come in since it was looked at, and
    `NoSuchImport`; then nothing has changed.
    """
    try:
        _bring_in(context, import_id)
    except IntegrityError:  # the same file, or one of its numbers, a moment ago
        with context.reading() as session:
            found = _own(session, context, import_id)
            _not_done(session, found.sha256)
            _faultless(look(session, context, rows_to_see(found)))
        raise


def _bring_in(context: Context, import_id: int) -> None:
    context.actor.must_have(_DEED, *IMPORTERS)
    with context.writing() as session:
        found = _own(session, context, import_id, locking=True)
        if found.done_at is not None:
            return
        _not_done(session, found.sha256)
        looked = look(session, context, rows_to_see(found))
        _faultless(looked)
        for one in looked:
            _register(session, context, found, one)
        found.done_at, found.read_rows = context.now(), None


def _register(session: Session, context: Context, found: MatterImport, one: Looked) -> None:
    line = one.row.line
    ticket = drafted(session, context, f"import:{found.id}:{line}", one.came, one.draft)
    submit(session, context, ticket)
    ticket.note("imported", context.actor, context.now(), line=line)
    session.add(ImportedMatter(import_id=found.id, line=line, ticket_id=ticket.id))


def put_away(context: Context, import_id: int) -> None:
    """A sheet that was looked at is forgotten. Raises `NoSuchImport`, also for one that is done."""
    with context.writing() as session:
        found = _own(session, context, import_id, locking=True)
        if found.done_at is not None:
            raise NoSuchImport("it is done")
        session.delete(found)


def forget_undone(context: Context) -> int:
    """Sheets that nobody has brought in within `KEPT_UNDONE`. Returns how many."""
    old = delete(MatterImport).where(
        MatterImport.done_at.is_(None), MatterImport.read_at <= context.now() - KEPT_UNDONE
    )
    with context.writing() as session:
        return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def rows_to_see(found: MatterImport) -> list[Row]:
    """The rows of an import that is not done yet."""
    return [Row(**one) for one in found.read_rows or ()]


def _own(session: Session, context: Context, import_id: int, locking: bool = False) -> MatterImport:
    found = session.get(MatterImport, import_id, with_for_update=locking or None)
    if found is None:
        raise NoSuchImport("no such import")
    if found.by_id != context.actor.user_id:
        raise NotPermitted(context.actor, "bring in a sheet that another has read")
    return found


def _not_done(session: Session, digest: str) -> None:
    query = select(MatterImport.id).where(MatterImport.sha256 == digest, MatterImport.done_at.is_not(None))
    if known := session.scalar(query):
        raise SheetRefused(Wrong.CAME_BEFORE, known=known)


def _faultless(looked: Sequence[Looked]) -> None:
    if any(one.faults for one in looked):
        raise RowsRefused(looked)
