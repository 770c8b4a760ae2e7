"""What was recorded of a follow-up call: it belongs to the ticket, with the comment that the citizen left."""

from collections.abc import Sequence

from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState
from hotline.context import Context
from hotline.database import insert_unless_there
from hotline.follow_up.models import Attempt
from hotline.people.actors import citizen
from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile, register_recording

SHORTEST_COMMENT_SECONDS = 1.0


def follow_up_recorded(context: Context, channel_id: str, folder: str, tracks: Sequence[TrackFile]) -> None:
    """The audio of an answered follow-up call is complete. Told again, or of no follow-up: nothing."""
    with context.writing() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.channel_id == channel_id))
        if attempt is None:
            return
        ticket = attempt.follow_up.ticket
        known = session.scalar(select(Call.id).where(Call.linkedid == channel_id)) is not None
        insert_unless_there(
            session,
            Call,
            linkedid=channel_id,
            pbx=context.settings.pbx_name,
            contact_id=ticket.contact_id,
            dialled="",
            outgoing=True,
            state=CallState.ENDED,
            end=CallEnd.TALKED,
            started_at=attempt.started_at,
            answered_at=attempt.answered_at,
            ended_at=attempt.ended_at or context.now(),
        )
        if not known and _is_comment(tracks):
            ticket.note("comment_left", citizen(), context.now())
    register_recording(context, channel_id, folder, tracks)


def _is_comment(tracks: Sequence[TrackFile]) -> bool:
    return any(
        track.speaker is Speaker.COMMENT and track.seconds >= SHORTEST_COMMENT_SECONDS for track in tracks
    )
