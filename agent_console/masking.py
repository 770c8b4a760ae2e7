"""Texts as whoever looks may read them."""

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy.orm import Session

from hotline.people.actors import Actor
from hotline.redaction.rules import masked
from hotline.search.queries import Hit
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.tickets.privacy import SEES_NUMBERS, UNIT_ROLES
from hotline.transcripts.models import Recording
from hotline.transcripts.privacy import readable


def as_readable(text: str, ticket: Ticket) -> str:
    """The text; with personal words masked for those who may not know who the citizen is."""
    if not text or privacy.sees_identity(current_user.actor, ticket):
        return text
    return masked(text)


def impersonal(text: str) -> str:
    """What colleagues wrote of no one ticket (why somebody listened, why a caller is barred); with personal
    words masked for those who see no citizen's number."""
    return text if not text or current_user.has(*SEES_NUMBERS) else masked(text)


def readable_hits(session: Session, actor: Actor, hits: Sequence[Hit], words: str) -> list[Hit]:
    """What a search may show. Whoever may not know the citizen finds nothing by words that are masked for
    them: that there is a hit would tell as much as the words.

    Of departments the search itself only finds tickets whose citizen they may know.
    """
    if actor.has(*SEES_NUMBERS, *UNIT_ROLES):
        return list(hits)
    said = {hit.recording_id: _masked_text(session, hit.recording_id) for hit in hits}
    parts = words.lower().split()
    found = [hit for hit in hits if all(part in said[hit.recording_id] for part in parts)]
    shown = [
        Hit(hit.ticket_number, hit.recording_id, hit.started_at, hit.speaker, hit.second, masked(hit.text))
        for hit in found
    ]
    return [hit for hit in shown if any(part in hit.text.lower() for part in parts)]


def _masked_text(session: Session, recording_id: int) -> str:
    recording = session.get_one(Recording, recording_id)
    return "\n".join(line.text for line in readable(recording, sees_identity=False)).lower()
