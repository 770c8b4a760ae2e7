"""Tracks for the player: only those of this ticket's calls, whatever they are kept as."""

from collections.abc import Sequence

from flask import abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from agent_console.house import house
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Track
from hotline.transcripts.ports import NoSuchTrack, Playable
from hotline.transcripts.queries import track


def track_of(session: Session, ticket: Ticket, track_id: int) -> Track:
    """The track; 404 if it is another ticket's."""
    found = track(session, track_id)
    if found is None or found.recording.call.contact_id != ticket.contact_id:
        abort(404)
    return found


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
