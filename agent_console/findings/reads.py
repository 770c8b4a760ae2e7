"""A finding as a row of the list, or of its ticket's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from agent_console.findings.words import sentence_of
from hotline.consistency.models import Answer
from hotline.consistency.privacy import Reader
from hotline.consistency.queries import Listed
from hotline.consistency.rules import Kind
from hotline.tickets import privacy
from hotline.transcripts.privacy import can_be_silenced


@dataclass(frozen=True)
class Row:
    """`hear` is the address that plays the recording from the second on; "" where it cannot be heard."""

    id: int
    kind: Kind
    sentence: str
    words: str
    at_s: float | None
    hear: str
    ticket_number: str
    ticket_url: str
    started_at: datetime
    answer: Answer | None
    answered_by: str
    answered_at: datetime | None
    gone_at: datetime | None
    on_ticket: bool


def rows_of(session: Session, listed: Sequence[Listed], on_ticket: bool) -> list[Row]:
    """As whoever is signed in may read them."""
    reader = Reader()
    return [_row(session, one, on_ticket, reader) for one in listed]


def _row(session: Session, listed: Listed, on_ticket: bool, reader: Reader) -> Row:
    finding, recording, ticket = listed.finding, listed.recording, listed.ticket
    sees_identity = privacy.sees_identity(current_user.actor, ticket)
    seen = reader.shown(finding, recording, sees_identity)
    page = url_for("tickets.ticket", number=ticket.number)
    audible = recording.audio_deleted_at is None and (sees_identity or can_be_silenced(recording))
    place = f"#recording-{recording.id}@{finding.at_s or 0.0:.2f}"
    return Row(
        id=finding.id,
        kind=finding.kind,
        sentence=sentence_of(session, finding.kind, seen.value),
        words=seen.words,
        at_s=finding.at_s,
        hear=f"{'' if on_ticket else page}{place}" if audible and recording.tracks else "",
        ticket_number=ticket.number or "",
        ticket_url=page,
        started_at=finding.call.started_at,
        answer=finding.answer,
        answered_by=finding.answered_by,
        answered_at=finding.answered_at,
        gone_at=finding.gone_at,
        on_ticket=on_ticket,
    )
