"""What is known of a call that can be held against its tickets, read in one session."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call
from hotline.calls.timeline import LegRole, Span, SpanKind
from hotline.consistency.models import RequiredSentence
from hotline.consistency.rules import Finding, Recorded, findings, in_order
from hotline.consistency.sentences import HOTLINE_NUMBER, Sentence, missing_notice, missing_sentences
from hotline.context import Context
from hotline.conversations.queries import seconds_in, unrecorded
from hotline.suggestions.kinds import kinds
from hotline.suggestions.queries import Librarian, pieces_of
from hotline.suggestions.rules import Knowledge, suggest, without_places
from hotline.suggestions.values import Field, Piece, Spoken
from hotline.tickets.models import Ticket
from hotline.tickets.states import Confidentiality
from hotline.transcripts.models import CallNotice, Recording, RecordingState
from hotline.transcripts.notices import notice_of

ANSWERED_AT_ONCE = "answered"
_SURE_OF_CATEGORY = 0.6


@dataclass(frozen=True)
class Facts:
    """A call with its final transcript, and its registered tickets. `basis` changes whenever one does."""

    recording: Recording
    tickets: Sequence[Ticket]
    sentences: Sequence[Sentence]
    notice: CallNotice | None
    quiet: Sequence[tuple[float, float]]
    basis: str


def facts_of(session: Session, context: Context, call_id: int) -> Facts | None:
    """None where there is nothing to hold against each other: no final transcript, no registered ticket, a
    call out without an agent (follow-ups and relays have rules of their own), or a sealed matter.
    """
    recording = session.scalar(select(Recording).where(Recording.call_id == call_id))
    if recording is None or recording.state is not RecordingState.DONE or recording.text_deleted_at:
        return None
    call = recording.call
    if call.outgoing and call.agent_id is None:
        return None
    tickets = _registered(session, call)
    if not tickets or any(ticket.confidentiality is Confidentiality.SEALED for ticket in tickets):
        return None
    notice = notice_of(session, call_id)
    sentences = _sentences(session, context, notice)
    basis = _hash(recording, tickets, sentences)
    return Facts(recording, tickets, sentences, notice, _quiet(session, recording), basis)


def findings_of(session: Session, context: Context, librarian: Librarian, facts: Facts) -> list[Finding]:
    """Everything that a reviewer should look at, in the order of the call."""
    knowledge = librarian.knowledge(session)
    pieces = pieces_of(facts.recording)
    call = facts.recording.call
    suggested = suggest(pieces, call.started_at.astimezone(context.settings.zone), knowledge)
    recorded = [_recorded(ticket) for ticket in facts.tickets]
    found = findings(pieces, suggested, recorded, lambda words: _category_of(words, knowledge), facts.quiet)
    notice = facts.notice
    played, heard_out = bool(notice and notice.prompts), bool(notice and notice.heard_at)
    return in_order(
        [
            *found,
            *missing_notice(pieces, played, heard_out),
            *missing_sentences(pieces, facts.sentences, _number_was_there(call, facts.tickets)),
        ]
    )


def _registered(session: Session, call: Call) -> Sequence[Ticket]:
    of_call = select(Ticket).where(Ticket.contact_id == call.contact_id, Ticket.number.is_not(None))
    return session.scalars(of_call.order_by(Ticket.id)).all()


def _sentences(session: Session, context: Context, notice: CallNotice | None) -> list[Sentence]:
    """Those that are looked for in a call of this language, as they are spoken here."""
    language = ((notice and notice.language) or context.settings.language).partition("_")[0]
    in_use = select(RequiredSentence).where(
        RequiredSentence.retired_at.is_(None), RequiredSentence.language == language
    )
    number = context.settings.hotline_number
    return [
        Sentence(
            row.name,
            tuple(phrase.replace(HOTLINE_NUMBER, number) for phrase in row.phrases),
            row.place,
            row.with_number,
        )
        for row in session.scalars(in_use.order_by(RequiredSentence.id))
    ]


def _recorded(ticket: Ticket) -> Recorded:
    return Recorded(
        ticket.type,
        ticket.category_code,
        has_place=bool(ticket.address.strip()),
        has_time=ticket.occurred_at is not None,
        urgency=ticket.urgency,
    )


def _category_of(words: str, knowledge: Knowledge) -> str | None:
    """The category of some words, where it is sure enough to send somebody there."""
    spoken = Spoken((Piece("caller", words),))
    plain = without_places(words, knowledge.index)
    suggested = kinds(spoken, plain, knowledge.classifier, knowledge.keywords)
    sure = (s for s in suggested if s.field is Field.CATEGORY and s.confidence >= _SURE_OF_CATEGORY)
    return next((suggestion.value for suggestion in sure), None)


def _number_was_there(call: Call, tickets: Sequence[Ticket]) -> bool:
    """Whether an agent could have said a ticket's number in the call."""
    ended = call.ended_at
    return any(
        ticket.outcome != ANSWERED_AT_ONCE
        and ticket.registered_at is not None
        and ended is not None
        and ticket.registered_at < ended
        for ticket in tickets
    )


def _quiet(session: Session, recording: Recording) -> list[tuple[float, float]]:
    """When nobody has to speak: before an agent is there, while the caller is on hold, and in pauses of the
    recording. All the time where no agent came.
    """
    answered = seconds_in(recording, recording.call.answered_at)
    if answered is None:
        return [(0.0, float("inf"))]
    return [(0.0, answered), *_holds(recording), *unrecorded(session, recording)]


def _holds(recording: Recording) -> Iterator[tuple[float, float]]:
    for leg in recording.call.legs:
        if leg.role != LegRole.CALLER:
            continue
        for span in map(Span.from_json, leg.spans):
            begin, end = seconds_in(recording, span.begin), seconds_in(recording, span.end)
            if span.kind is SpanKind.HOLD and begin is not None and end is not None:
                yield begin, end


def _hash(recording: Recording, tickets: Sequence[Ticket], sentences: Sequence[Sentence]) -> str:
    compared = [
        [recording.model_hash, _moment(recording.transcribed_at)],
        [
            [
                t.id,
                t.type,
                t.category_code,
                t.address,
                _moment(t.occurred_at),
                t.urgency,
                t.outcome,
                t.confidentiality,
            ]
            for t in tickets
        ],
        [[s.name, s.phrases, s.where, s.with_number] for s in sentences],
    ]
    return hashlib.sha256(json.dumps(compared).encode()).hexdigest()


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
