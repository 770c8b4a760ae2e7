"""Tracks for the player: only those of this ticket's calls, whatever they are kept as."""

import re
from collections.abc import Sequence

from flask import abort, request
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from agent_console.house import house
from agent_console.marking import mark_lines
from hotline.tickets import privacy
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, Track
from hotline.transcripts.ports import NoSuchTrack, Playable
from hotline.transcripts.privacy import silent_spans
from hotline.transcripts.queries import track


def track_of(session: Session, ticket: Ticket, track_id: int) -> Track:
    """The track; 404 if it is another ticket's."""
    found = track(session, track_id)
    if found is None or found.recording.call.contact_id != ticket.contact_id:
        abort(404)
    return found


def recording_of(session: Session, ticket: Ticket, recording_id: int) -> Recording:
    """The recording; 404 if it is another ticket's, or its sound is deleted."""
    found = session.get(Recording, recording_id)
    if found is None or found.call.contact_id != ticket.contact_id or found.audio_deleted_at:
        abort(404)
    return found


def unheard(ticket: Ticket, heard: Track) -> Sequence[tuple[float, float]]:
    """When whoever is signed in hears nothing of the track, in its seconds.

    403 while that is not known: what is personal in a sound is known when it is text.
    """
    silent = () if privacy.sees_identity(current_user.actor, ticket) else silent_spans(heard)
    if silent is None:
        abort(403)
    return silent


def _playable(track_id: int, silent: Sequence[tuple[float, float]]) -> Playable:
    """The file may get its kept form just now: then the row has its new name by the second look."""
    try:
        return house().audio.playable(_path(track_id), silent)
    except NoSuchTrack:
        return house().audio.playable(_path(track_id), silent)


def _path(track_id: int) -> str:
    with house().context.reading() as session:
        found = track(session, track_id)
        if found is None:
            abort(404)
        return found.path


def played(track_id: int, silent: Sequence[tuple[float, float]] = ()) -> Response:
    """The audio, or the part that is asked for, decrypted and decoded as it goes out, quiet in `silent`.

    404 if it is gone, cannot be decrypted, or its path is none.
    """
    try:
        found = _playable(track_id, silent)
    except NoSuchTrack:
        abort(404)
    body = wrap_file(request.environ, found.file)
    answer = Response(body, mimetype=found.media_type, direct_passthrough=True)
    answer.content_length = found.size
    answer.cache_control.no_store = True
    return answer.make_conditional(request, accept_ranges=True, complete_length=found.size)


def as_file(answer: Response, number: str, track: Track) -> Response:
    """The same to be saved; its name says of which ticket and speaker it is, and who took it, and when."""
    who, _department, at = mark_lines()
    parts = (number, track.speaker, f"{track.id}", who, re.sub(r"\D", "", at))
    name = "-".join(re.sub(r"[^\w]+", "_", part) for part in parts)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.wav")
    return answer
