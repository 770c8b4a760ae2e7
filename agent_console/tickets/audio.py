"""Tracks on disk: only files of this ticket's calls, only below the spool."""

from pathlib import Path

from flask import abort
from sqlalchemy.orm import Session

from hotline.tickets.models import Ticket
from hotline.transcripts.queries import track


def track_file(session: Session, ticket: Ticket, track_id: int, spool: Path) -> Path:
    """The file of a track; 404 if it is another ticket's, is gone, or would lie outside the spool."""
    found = track(session, track_id)
    if found is None or found.recording.call.contact_id != ticket.contact_id:
        abort(404)
    root = spool.resolve()
    path = (root / found.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        abort(404)
    return path
