"""What a department does with files: attaches them, takes one back. Each is a line of history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from hotline.context import Context
from hotline.dispatch.holding import held
from hotline.evidence import queries
from hotline.evidence.apart import Inspected
from hotline.evidence.faults import Fault, FileRefused
from hotline.evidence.keeping import kept
from hotline.evidence.models import Attachment, Purpose
from hotline.evidence.rules import name_for_all
from hotline.people.actors import NotPermitted, Role
from hotline.tickets import privacy, rows
from hotline.tickets.models import Ticket

DEED = "attach files"


class WithdrawalRefused(Exception):
    """The file is not taken back: there is no reason, or it is gone already."""


def attach(context: Context, ticket_id: int, files: Sequence[Inspected], purpose: Purpose) -> None:
    """The handler of the department that has the ticket attaches files that were inspected.

    Raises `FileRefused` beyond the most files that a department may have on a ticket, for bytes that it has
    there already, and where the disk does not take them: then none of the files is attached.
    """
    with stored(context, files), context.writing() as session:
        ticket = held(session, context, ticket_id, DEED, Role.HANDLER)
        record(session, context, ticket, files, purpose)
        rows.announce(session, context, ticket, "evidence_added")


@contextmanager
def stored(context: Context, files: Sequence[Inspected]) -> Iterator[None]:
    """As `keeping.kept`, for handlers; `NotPermitted` to others."""
    context.actor.must_have(DEED, Role.HANDLER)
    with kept(context, files):
        yield


def record(
    session: Session,
    context: Context,
    ticket: Ticket,
    files: Sequence[Inspected],
    purpose: Purpose,
    reply_id: int | None = None,
) -> None:
    """Files whose bytes are stored belong to the ticket from now on. Raises as `attach`."""
    if privacy.is_sealed_for(context.actor, ticket):
        raise NotPermitted(context.actor, DEED)
    if not files:
        return
    there = {one.sha256 for one in queries.kept_of(session, ticket.id, context.actor.department_id)}
    for file in files:
        if file.sha256 in there:
            raise FileRefused(file.name, Fault.ALREADY_THERE)
        if len(there) >= context.settings.evidence_files:
            raise FileRefused(file.name, Fault.TOO_MANY)
        there.add(file.sha256)
        session.add(_attachment(context, ticket, file, purpose, reply_id))
        told = name_for_all(file.name, purpose)
        facts: dict[str, Any] = {"file": told, "bytes": len(file.content), "purpose": purpose}
        facts["sha256"] = file.sha256
        ticket.note("evidence_added", context.actor, context.now(), **facts)


def withdraw(context: Context, ticket_id: int, attachment_id: int, reason: str) -> None:
    """The department takes a file of its own back, with a reason; for auditors the file stays.

    Raises `WithdrawalRefused` without a reason, and for one that is gone already.
    """
    with context.writing() as session:
        ticket = held(session, context, ticket_id, "withdraw a file", Role.HANDLER)
        found = queries.attachment(session, ticket_id, attachment_id)
        if found is None or found.department_id != context.actor.department_id:
            raise NotPermitted(context.actor, "withdraw a file of others")
        if found.is_withdrawn or not reason.strip():
            raise WithdrawalRefused
        found.withdrawn_at, found.withdrawn_by_id = context.now(), context.actor.user_id
        found.withdrawal_reason = reason.strip()
        told = name_for_all(found.name, found.purpose)
        ticket.note("evidence_withdrawn", context.actor, context.now(), reason.strip(), file=told)
        rows.announce(session, context, ticket, "evidence_withdrawn")


def _attachment(
    context: Context, ticket: Ticket, file: Inspected, purpose: Purpose, reply_id: int | None
) -> Attachment:
    return Attachment(
        ticket_id=ticket.id,
        reply_id=reply_id,
        department_id=context.actor.department_id,
        added_at=context.now(),
        added_by_id=context.actor.user_id,
        purpose=purpose,
        kind=file.kind,
        name=file.name,
        size=len(file.content),
        sha256=file.sha256,
    )
