"""The search in transcripts. People find what they may open, and nothing of a sealed matter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from hotline import text_index
from hotline.calls.models import Call
from hotline.dispatch.models import Assignment
from hotline.people.actors import Actor
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import HOTLINE_ROLES, UNIT_ROLES
from hotline.tickets.states import Confidentiality
from hotline.transcripts import index
from hotline.transcripts.models import Recording, Segment, Speaker, Track

MOST_HITS = 50
_LOOKED_AT = (200, 2_000, 20_000)
"""Segments with the rarest of several phrases, the newest first, before all of them are looked through."""
_COUNTED = 2_001


@dataclass(frozen=True)
class Hit:
    """A segment with something that was looked for. `second` is where in the call's recording that begins."""

    ticket_number: str
    recording_id: int
    started_at: datetime
    speaker: Speaker
    second: float
    text: str


def said(session: Session, actor: Actor, query: str, limit: int = MOST_HITS) -> list[Hit]:
    """Where in calls all parts of the query (they stand between spaces) were said; the newest call first.

    Of several parts the rarest leads: at first only calls are looked at in which it was said lately.
    """
    matches = [index.SEGMENTS.matching(session, phrase) for phrase in text_index.phrases(query)]
    if len(matches) < 2:  # nothing more is asked: with so few tables PostgreSQL begins with the newest calls
        return _hits(session, actor, Segment.id.in_(matches[0]), query, limit) if matches else []
    latest = [(match, _newest(session, match, _COUNTED)) for match in matches]
    rarest, known = min(latest, key=lambda one: _extent(one[1]))
    others = [match for match in matches if match is not rarest]
    for most in _LOOKED_AT:
        newest = known[:most] if most < _COUNTED else _newest(session, rarest, most)
        hits = _hits_in(session, actor, _together(session, newest, others), matches, query, limit)
        if len(hits) >= limit or len(newest) < most:
            return hits
    everywhere = and_(*(Recording.id.in_(_recordings(match)) for match in matches))
    return _hits_in(session, actor, everywhere, matches, query, limit)


def _extent(newest: Sequence[int]) -> tuple[int, int]:
    """How many segments hold a phrase, as far as it matters, and how far back these lie: what is rarer than
    another is fewer, or as many lie further back."""
    return len(newest), min(newest, default=0)


def _newest(session: Session, match: Select[tuple[int]], most: int) -> list[Any]:
    return list(session.scalars(match.order_by(match.selected_columns[0].desc()).limit(most)))


def _together(
    session: Session, segments: Collection[int], others: Sequence[Select[tuple[int]]]
) -> ColumnElement[bool]:
    """Those recordings of the segments, which hold one phrase, in which every other was said, too.

    Asked one by one: of all in one statement a server that has not counted its rows yet makes nested loops.
    """
    tracks = session.scalars(select(Segment.track_id).where(Segment.id.in_(segments)).distinct()).all()
    found = session.scalars(select(Track.recording_id).where(Track.id.in_(tracks)).distinct()).all()
    for match in others:
        said_in = select(Track.recording_id).join(Segment).where(Track.recording_id.in_(found))
        found = session.scalars(said_in.where(Segment.id.in_(match)).distinct()).all()
    return Recording.id.in_(found)


def _hits_in(
    session: Session,
    actor: Actor,
    within: ColumnElement[bool],
    matches: Sequence[Select[tuple[int]]],
    query: str,
    limit: int,
) -> list[Hit]:
    """Where in these recordings, in all of which every phrase was said.

    Each has a hit at least: so many of the newest calls are enough, and only in these phrases are looked for.
    """
    newest = (
        select(Recording.id)
        .join(Call)
        .join(Ticket, Ticket.contact_id == Call.contact_id)
        .where(within, may_hear(actor))
        .group_by(Recording.id, Call.id)
        .order_by(Call.started_at.desc())
        .limit(limit)
    )
    there = select(Segment.id).join(Track).where(Track.recording_id.in_(session.scalars(newest).all()))
    segments = {found for match in matches for found in session.scalars(there.where(Segment.id.in_(match)))}
    return _hits(session, actor, Segment.id.in_(segments), query, limit)


def _hits(session: Session, actor: Actor, which: ColumnElement[bool], query: str, limit: int) -> list[Hit]:
    found = (
        select(Segment, Ticket.number, Recording.id, Call.started_at, Track.speaker)
        .join(Track, Segment.track_id == Track.id)
        .join(Recording, Track.recording_id == Recording.id)
        .join(Call, Recording.call_id == Call.id)
        .join(Ticket, Ticket.contact_id == Call.contact_id)
        .where(which, may_hear(actor))
        .order_by(Call.started_at.desc(), Segment.start_s, Segment.id, Ticket.id)
        .limit(limit)
    )
    parts = query.split()
    hits: dict[int, Hit] = {}
    for segment, number, recording_id, started_at, speaker in session.execute(found):
        second = second_of(segment, parts)
        hit = Hit(number or "", recording_id, started_at, speaker, second, segment.text)
        hits.setdefault(segment.id, hit)
    return list(hits.values())


def may_hear(actor: Actor) -> ColumnElement[bool]:
    """As `hotline.tickets.privacy.may_read` and `may_listen`, for a query over `Ticket`.

    Nothing of a contact with a sealed ticket, not for those either who may open it: they know its number.
    """
    other = aliased(Ticket)
    sealed = select(other.id).where(
        other.contact_id == Ticket.contact_id, other.confidentiality == Confidentiality.SEALED
    )
    assigned = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id, Assignment.department_id == actor.department_id
    )
    everything = true() if actor.has(*HOTLINE_ROLES) else false()
    own: ColumnElement[bool] = false()
    if actor.has(*UNIT_ROLES) and actor.department_id is not None:
        own = and_(assigned.exists(), Ticket.confidentiality == Confidentiality.NORMAL)
    return and_(Ticket.number.is_not(None), ~sealed.exists(), or_(everything, own))


def second_of(segment: Segment, parts: Sequence[str]) -> float:
    """When the first of the parts begins to be said; else, where it is written otherwise, the segment."""
    spelt = "".join(str(word[0]) for word in segment.words)
    places = [place for part in parts if (place := spelt.find(part)) >= 0]
    return _word_at(segment.words, min(places)) if places else segment.start_s


def _word_at(words: Sequence[Sequence[Any]], place: int) -> float:
    for word, start, *_ in words:
        if place < len(word):
            return float(start)
        place -= len(word)
    raise ValueError("behind the last word")


def _recordings(match: Any) -> Any:
    """Recordings in which a phrase was said anywhere."""
    tracks = select(Segment.track_id).where(Segment.id.in_(match))
    return select(Track.recording_id).where(Track.id.in_(tracks))
