"""Anonymising what has been kept long enough: who it was goes, what is counted stays.

One transaction a ticket, its row locked: a pass that dies leaves every ticket either as it was, and due
again, or done and in the log. A hold that is placed meanwhile waits for the lock, or is seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, String, and_, false, func, not_, or_, select, union
from sqlalchemy.exc import SQLAlchemyError

from hotline.calls.models import Call, OwedCallback
from hotline.context import Context
from hotline.evidence.models import Attachment, Enclosure
from hotline.people.actors import SYSTEM
from hotline.retention import files, traces
from hotline.retention.erasing import TABLES, erase, erase_aged
from hotline.retention.models import AnonymisedEntry, LegalHold, PersonalKind
from hotline.retention.personal import AGED
from hotline.tickets import rows
from hotline.tickets.index import TICKETS
from hotline.tickets.models import HistoryLine, Ticket
from hotline.tickets.states import Confidentiality, State

MOST_A_PASS = 200
MOST_LEFTOVERS = 500

ENDED = (State.CLOSED, State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TRANSFERRED)
WHOLE = (PersonalKind.TICKET, PersonalKind.DRAFT)
OF_TICKETS = (*WHOLE, PersonalKind.FILE)

_log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """A ticket whose period is over. `number` is None of most drafts, and of sealed ones: nobody is told."""

    kind: PersonalKind
    ticket_id: int
    number: str | None


def due(context: Context, kind: PersonalKind, limit: int = MOST_A_PASS) -> list[Due]:
    """What this kind would take now, the oldest first. Changes nothing."""
    query = _due(context, kind).order_by(Ticket.received_at, Ticket.id).limit(limit)
    with context.reading() as session:
        return [
            Due(kind, ticket.id, None if _is_sealed(ticket) else ticket.number)
            for ticket in session.scalars(query)
        ]


def counts(context: Context) -> dict[PersonalKind, int]:
    """How many tickets each kind would take now; sealed ones are not counted."""
    with context.reading() as session:
        found = {}
        for kind in OF_TICKETS:
            query = _due(context, kind).where(Ticket.confidentiality != Confidentiality.SEALED)
            found[kind] = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        return found


def anonymise_due(context: Context, limit: int = MOST_A_PASS) -> int:
    """One pass. Returns how many were done; what could not be is logged, and due again."""
    done = 0
    for kind in OF_TICKETS:
        done += sum(_done(context, one) for one in due(context, kind, limit - done))
    done += _leftovers(context)
    if done:
        with context.writing() as session:
            traces.overwrite(session)
            TICKETS.tidy(session)  # once a pass: it writes the whole index anew
        traces.leave_none(context)
    return done


def _due(context: Context, kind: PersonalKind) -> Select[Ticket]:
    days = context.settings.retention_days[kind]
    before = context.now() - timedelta(days=days)
    conditions: list[ColumnElement[bool]] = [Ticket.received_at < before] if days else [false()]
    if kind is PersonalKind.DRAFT:
        conditions.append(Ticket.state == State.DRAFT)
    else:
        conditions += [Ticket.state.in_(ENDED), Ticket.kept_open_by.is_(None), _last_move() < before]
    conditions.append(_has_files() if kind is PersonalKind.FILE else Ticket.anonymised_at.is_(None))
    return select(Ticket).where(*conditions, not_(_is_held()), not_(_owes_a_call()))


def _last_move() -> ColumnElement[datetime]:
    """When it came into its state: notes that are written afterwards do not count."""
    moved = or_(HistoryLine.from_state.is_(None), HistoryLine.from_state != HistoryLine.to_state)
    query = select(func.max(HistoryLine.at)).where(HistoryLine.ticket_id == Ticket.id, moved)
    return query.correlate(Ticket).scalar_subquery()


def _has_files() -> ColumnElement[bool]:
    with_files = union(*(select(each.ticket_id) for each in (Attachment, Enclosure)))
    return Ticket.id.in_(with_files)


def _is_held() -> ColumnElement[bool]:
    calls = select(Call.id).where(Call.contact_id == Ticket.contact_id)
    kept = or_(LegalHold.ticket_id == Ticket.id, LegalHold.call_id.in_(calls))
    return select(LegalHold.id).where(LegalHold.lifted_at.is_(None), kept).correlate(Ticket).exists()


def _owes_a_call() -> ColumnElement[bool]:
    owed = select(OwedCallback.id).join(Call, OwedCallback.call_id == Call.id)
    mine = and_(Call.contact_id == Ticket.contact_id, OwedCallback.done_at.is_(None))
    return owed.where(mine).correlate(Ticket).exists()


def _done(context: Context, one: Due) -> bool:
    try:
        return _anonymise(context, one)
    except (OSError, SQLAlchemyError) as error:  # it is as it was and due again; the others go on
        _log.error("retention.not_anonymised", ticket=one.ticket_id, error=type(error).__name__)
        return False


def _anonymise(context: Context, one: Due) -> bool:
    with context.writing() as session:
        traces.overwrite(session)
        ticket = rows.locked(session, one.ticket_id)
        still = session.scalar(_due(context, one.kind).where(Ticket.id == ticket.id))
        if still is None:  # held, taken up again, or done by another pass by now
            return False
        removed = files.remove(session, context, ticket.id)
        texts = dropped = 0
        if one.kind in WHOLE:
            alone = session.scalar(_others(ticket)) is None
            texts, dropped = erase(session, ticket, context.now(), with_contact=alone)
        told = "files_expired" if one.kind is PersonalKind.FILE else "anonymised"
        ticket.note(told, SYSTEM, context.now())
        session.add(
            AnonymisedEntry(
                at=context.now(),
                kind=one.kind,
                ticket_id=ticket.id,
                period_days=context.settings.retention_days[one.kind],
                texts=texts,
                dropped=dropped + removed.rows,
                files=removed.files,
                bytes=removed.bytes,
            )
        )
    return True


def _others(ticket: Ticket) -> Select[int]:
    """Tickets of the same contact that still need it."""
    same = (Ticket.contact_id == ticket.contact_id, Ticket.id != ticket.id)
    return select(Ticket.id).where(*same, Ticket.anonymised_at.is_(None))


def _leftovers(context: Context) -> int:
    """Rows that name no ticket, by the period of tickets. Returns 1 if anything was left, for the count."""
    days = context.settings.retention_days[PersonalKind.TICKET]
    if not days:
        return 0
    with context.writing() as session:
        traces.overwrite(session)
        texts = 0
        for name, where in _aged(context.now() - timedelta(days=days)):
            own = TABLES[name].c.id
            ids = session.scalars(select(own).where(where).order_by(own).limit(MOST_LEFTOVERS)).all()
            texts += erase_aged(session, name, AGED[name].fates, own.in_(ids))
        if texts:
            kind = PersonalKind.LEFTOVER
            session.add(AnonymisedEntry(at=context.now(), kind=kind, period_days=days, texts=texts))
    return int(texts > 0)


def _aged(before: datetime) -> Iterator[tuple[str, ColumnElement[bool]]]:
    for name, aged in AGED.items():
        table = TABLES[name]
        first, *others = (table.c[column] for column in aged.moments)
        moment = func.coalesce(first, *others) if others else first
        texts = (table.c[column] for column in aged.fates if isinstance(table.c[column].type, String))
        conditions = [moment < before, or_(*(text != "" for text in texts))]
        if aged.unless:
            conditions.append(table.c[aged.unless].is_(None))
        yield name, and_(*conditions)


def _is_sealed(ticket: Ticket) -> bool:
    return ticket.confidentiality is Confidentiality.SEALED
