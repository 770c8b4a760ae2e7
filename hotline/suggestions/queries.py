"""What the suggestions are made from: the words of a contact, and what the hotline knows."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from hotline.calls.queries import calls_of_contact
from hotline.context import Context
from hotline.dispatch.queries import categories, lead_for
from hotline.gazetteer import queries as gazetteer
from hotline.gazetteer.rules import Entry, PlaceIndex
from hotline.live_text.models import LiveSegment
from hotline.live_text.queries import segments_of
from hotline.suggestions.classifier import Classifier, NotTrusted, load
from hotline.suggestions.rules import Knowledge, suggest
from hotline.suggestions.similar import similar_tickets
from hotline.suggestions.values import Field, Piece, Suggestion
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, Segment, Speaker
from hotline.transcripts.queries import conversation, recordings_of_contact

_log = structlog.get_logger()


def pieces_of_contact(session: Session, contact_id: int) -> list[Piece]:
    """What was said in a contact's calls, as far as it is text, in order: of a call that has no transcript
    yet, what has been understood of it meanwhile."""
    found: list[tuple[int, Piece]] = [
        (recording.call_id, piece)
        for recording in recordings_of_contact(session, contact_id)
        for piece in pieces_of(recording)
    ]
    written = {call_id for call_id, _ in found}
    for call in calls_of_contact(session, contact_id):
        if call.id not in written:
            found += [(call.id, _piece(live.speaker, live)) for live in segments_of(session, call.id)]
    return [piece for _, piece in sorted(found, key=lambda one: one[0])]


def pieces_of(recording: Recording) -> list[Piece]:
    """What was said in one call, by its transcript, in order."""
    return [_piece(speaker, segment) for speaker, segment in conversation(recording)]


def _piece(speaker: Speaker, said: Segment | LiveSegment) -> Piece:
    return Piece(speaker, said.text, said.start_s, said.end_s, _times(said.words))


def _times(words: Sequence[Sequence[Any]]) -> tuple[tuple[str, float, float], ...]:
    return tuple((word, start_s, end_s) for word, start_s, end_s, *_ in words)


class Librarian:
    """Keeps the place index and the classifier of a process, and looks for newer ones when asked."""

    def __init__(self, context: Context) -> None:
        self._path = context.settings.classifier
        self._key = context.settings.secrets.flask
        self._lock = threading.Lock()
        self._edition: object = None
        self._index = PlaceIndex(())
        self._file_time: float | None = None
        self._classifier: Classifier | None = None

    def knowledge(self, session: Session) -> Knowledge:
        """What the hotline knows now, without what needs a ticket."""
        with self._lock:
            self._look_for_places(session)
            self._look_for_classifier()
            offered = (category for category in categories(session) if category.retired_at is None)
            keywords = {category.code: tuple(category.keywords) for category in offered}
            return Knowledge(self._index, self._classifier, keywords)

    def _look_for_places(self, session: Session) -> None:
        edition = gazetteer.edition(session)
        if edition != self._edition:
            self._index = PlaceIndex(_entries(session))
            self._edition = edition

    def _look_for_classifier(self) -> None:
        try:
            file_time = self._path.stat().st_mtime
        except OSError:
            self._file_time = self._classifier = None
            return
        if file_time != self._file_time:
            self._file_time = file_time
            try:
                self._classifier = load(self._path, self._key)
            except (NotTrusted, OSError) as refusal:
                self._classifier = None
                _log.error("classifier refused: keywords stand in for it", reason=str(refusal))


def _entries(session: Session) -> Sequence[Entry]:
    return [
        Entry(place.kind, place.name, place.district, place.street, tuple(place.aliases))
        for place in gazetteer.in_use(session)
    ]


def suggestions_for(
    session: Session, context: Context, librarian: Librarian, ticket: Ticket
) -> list[Suggestion]:
    """What the words of a ticket's calls suggest for it; nothing while no word is there."""
    pieces = pieces_of_contact(session, ticket.contact_id)
    if not pieces:
        return []
    now = context.now()

    def department(category: str, district: str) -> tuple[str, str] | None:
        found = lead_for(session, category, district)
        return (found.rule.lead.code, found.reason) if found else None

    def similar(text: str, suggested: Mapping[Field, str]) -> Sequence[Suggestion]:
        return similar_tickets(session, ticket, now, text, suggested)

    moment: datetime = ticket.received_at.astimezone(context.settings.zone)
    known = replace(librarian.knowledge(session), department=department, similar=similar)
    return suggest(pieces, moment, known)
