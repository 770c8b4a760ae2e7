"""Deleting what has been kept long enough: files, texts, and the index of the texts.

Each deletion has three steps, so that it is finished whatever dies between them: the row says that it is
deleted (from then on nobody plays or holds it), the files go, the log says so. A row without its line in the
log is taken up again by the next pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from hotline import events
from hotline.calls.models import Call
from hotline.consistency import keeping as findings
from hotline.context import Context
from hotline.people.actors import SYSTEM
from hotline.retention import spool, traces
from hotline.retention.holds import is_held
from hotline.retention.models import DeletionEntry, Kind
from hotline.tickets.models import Ticket
from hotline.transcripts import index
from hotline.transcripts.models import (
    EarlierTranscript,
    Recording,
    RecordingState,
    Segment,
    Speaker,
    Track,
)

MOST_A_PASS = 200
_LEFT_WORDS = (Speaker.MESSAGE, Speaker.COMMENT)
_TALKED = (Speaker.AGENT, Speaker.THIRD, Speaker.SUPERVISOR)

_log = structlog.get_logger()


@dataclass(frozen=True)
class Due:
    """Something to delete: a recording's audio (kinds `audio` and `message`) or its text."""

    kind: Kind
    recording_id: int
    folder: str
    call_id: int
    started_at: datetime
    begun: bool
    """Its files may be gone already: the last pass did not come to its end."""
    period_days: int


def due(context: Context, limit: int = MOST_A_PASS) -> list[Due]:
    """What is to be deleted now, the oldest first. Changes nothing."""
    with context.reading() as session:
        found = [one for kind in Kind for one in _due(session, context, kind, limit)]
    return sorted(found, key=lambda one: (one.started_at, one.recording_id))[:limit]


def delete_due(context: Context, limit: int = MOST_A_PASS) -> int:
    """One pass. Returns how much was deleted; what could not be is logged, and due again."""
    done = sum(_delete(context, one) for one in due(context, limit))
    if done:
        traces.leave_none(context)
    return done


def sizes(context: Context, found: list[Due]) -> Iterator[tuple[Due, int, int]]:
    """Each with the number of its files or segments, and their bytes (texts: characters)."""
    for one in found:
        if one.kind is Kind.TRANSCRIPT:
            with context.reading() as session:
                count, length = session.execute(
                    select(func.count(Segment.id), func.coalesce(func.sum(func.length(Segment.text)), 0))
                    .join(Track)
                    .where(Track.recording_id == one.recording_id)
                ).one()
            yield one, count, length
        else:
            try:
                yield one, *spool.size_of(context.settings.spool_dir, one.folder)
            except spool.NotHere:
                yield one, 0, 0


def _due(session: Session, context: Context, kind: Kind, limit: int) -> Iterator[Due]:
    """Two questions, not one with OR: that would look at every recording there is, in every pass."""
    days, gone_at = context.settings.retention_days[kind], _gone_at(kind)
    begun = and_(gone_at.is_not(None), ~_logged(kind))
    wanted = [begun]
    if days:
        before = context.now() - timedelta(days=days)
        wanted.append(
            and_(Call.started_at < before, not_(is_held()), gone_at.is_(None), _is_quiet(context.now()))
        )
    for condition in wanted:
        query = (
            select(Recording.id, Recording.folder, Call.id, Call.started_at, gone_at.is_not(None))
            .join(Call, Recording.call_id == Call.id)
            .where(_is_of(kind), condition)
            .order_by(Call.started_at, Recording.id)
            .limit(limit)
        )
        for row in session.execute(query):
            yield Due(kind, *row, days)


def _gone_at(kind: Kind) -> InstrumentedAttribute[datetime | None]:
    return Recording.text_deleted_at if kind is Kind.TRANSCRIPT else Recording.audio_deleted_at


def _logged(kind: Kind) -> ColumnElement[bool]:
    kinds = (kind,) if kind is Kind.TRANSCRIPT else (Kind.AUDIO, Kind.MESSAGE)
    entry = select(DeletionEntry.id).where(
        DeletionEntry.recording_id == Recording.id, DeletionEntry.kind.in_(kinds)
    )
    return entry.exists()


def _is_of(kind: Kind) -> ColumnElement[bool]:
    """Whether the recording has something of this kind: texts, a message alone, or a talk."""
    tracks = select(Track.id).where(Track.recording_id == Recording.id)
    if kind is Kind.TRANSCRIPT:
        return Recording.state == RecordingState.DONE
    left, talked = (tracks.where(Track.speaker.in_(those)).exists() for those in (_LEFT_WORDS, _TALKED))
    only_left = and_(left, ~talked)
    return only_left if kind is Kind.MESSAGE else and_(tracks.exists(), not_(only_left))


def _is_quiet(now: datetime) -> ColumnElement[bool]:
    """No transcriber is at work on it."""
    again = or_(Recording.again_until_at.is_(None), Recording.again_until_at < now)
    return and_(Recording.state != RecordingState.CLAIMED, again)


def _delete(context: Context, one: Due) -> bool:
    try:
        if one.kind is Kind.TRANSCRIPT:
            return _delete_text(context, one)
        return _delete_audio(context, one)
    except (OSError, spool.NotHere) as error:
        _log.error("retention.not_deleted", recording=one.recording_id, error=type(error).__name__)
        return False


def _delete_audio(context: Context, one: Due) -> bool:
    if not one.begun:
        spool.size_of(context.settings.spool_dir, one.folder)  # not here: nobody says that it is deleted
    with context.writing() as session:
        if not _mark(session, context, one, {"audio_deleted_at": context.now(), "due_at": None}):
            return False
    try:
        files, size = spool.remove(context.settings.spool_dir, one.folder)
    except spool.NotHere:  # removed by a pass that died before it could say so
        files, size = 0, 0
    with context.writing() as session:
        _write_log(session, context, one, files=files, bytes=size)
    return True


def _delete_text(context: Context, one: Due) -> bool:
    with context.writing() as session:
        traces.overwrite(session)
        if not _mark(session, context, one, {"text_deleted_at": context.now()}):
            return False
        ids = session.scalars(
            select(Segment.id).join(Track).where(Track.recording_id == one.recording_id)
        ).all()
        index.remove(session, ids)
        session.execute(delete(Segment).where(Segment.id.in_(ids)))
        earlier = delete(EarlierTranscript).where(EarlierTranscript.recording_id == one.recording_id)
        versions = session.execute(earlier).rowcount  # type: ignore[attr-defined]
        findings.forget(session, one.call_id)
        index.tidy(session)
        _write_log(session, context, one, segments=len(ids), versions=versions)
    return True


def _mark(session: Session, context: Context, one: Due, values: dict[str, Any]) -> bool:
    """Take it for deletion. False if it is held by now, or somebody else has done it."""
    free = select(Call.id).where(Call.id == one.call_id, not_(is_held()))
    gone_at = _gone_at(one.kind)
    mine = update(Recording).where(
        Recording.id == one.recording_id,
        or_(and_(gone_at.is_(None), free.exists(), _is_quiet(context.now())), gone_at.is_not(None)),
        ~_logged(one.kind),
    )
    values["keep_due_at"] = None
    return bool(session.execute(mine.values(**values)).rowcount)  # type: ignore[attr-defined]


def _write_log(session: Session, context: Context, one: Due, **counts: int) -> None:
    """Told to the log and to the ticket's history, once."""
    day = one.started_at.astimezone(context.settings.zone).date().isoformat()
    session.add(
        DeletionEntry(
            at=context.now(),
            kind=one.kind,
            recording_id=one.recording_id,
            call_day=day,
            period_days=one.period_days,
            **counts,
        )
    )
    call = session.get_one(Call, one.call_id)
    told = "transcript_deleted" if one.kind is Kind.TRANSCRIPT else "recording_deleted"
    for ticket in session.scalars(select(Ticket).where(Ticket.contact_id == call.contact_id)):
        ticket.note(told, SYSTEM, context.now())
    events.record(session, context.now(), f"recording.{told}", f"call:{call.id}")
