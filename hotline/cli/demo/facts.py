"""What was measured during the story, as `--json` writes it: read from the database and the files."""

from typing import Any

from sqlalchemy.orm import Session

from hotline.calls.queries import calls_of_contact
from hotline.follow_up.queries import of_ticket
from hotline.tickets.models import Ticket
from hotline.tickets.queries import with_everything
from hotline.transcripts.models import Speaker
from hotline.transcripts.queries import conversation, recordings_of_contact
from recordings.accuracy import character_error_rate


def measured(session: Session, ticket_id: int, said: str) -> dict[str, Any]:
    """Facts of the call, the ticket and the callback."""
    ticket = with_everything(session, ticket_id)
    if ticket is None:
        return {}
    return {
        "call": _call(session, ticket, said),
        "ticket": _ticket(ticket),
        "callback": _callback(session, ticket),
    }


def heard_from_citizen(session: Session, ticket: Ticket) -> str:
    """What the recogniser understood of the citizen's own track."""
    return "".join(
        segment.text
        for recording in recordings_of_contact(session, ticket.contact_id)
        for speaker, segment in conversation(recording)
        if speaker is Speaker.CALLER
    )


def _call(session: Session, ticket: Ticket, said: str) -> dict[str, Any]:
    call = calls_of_contact(session, ticket.contact_id)[0]
    recording = next(iter(recordings_of_contact(session, ticket.contact_id)), None)
    heard = heard_from_citizen(session, ticket)
    spoken = conversation(recording) if recording else []
    return {
        "linkedid": call.linkedid,
        "started_at": call.started_at.isoformat(),
        "wait_s": call.wait_seconds,
        "end": call.end,
        "legs": [
            {
                "role": leg.role,
                "extension": leg.extension,
                "started_at": leg.started_at.isoformat(),
                "ended_at": leg.ended_at.isoformat() if leg.ended_at else None,
            }
            for leg in call.legs
        ],
        "tracks": [
            {"file": track.path, "seconds": round(track.seconds, 2), "speaker": track.speaker}
            for track in (recording.tracks if recording else [])
        ],
        "said": said,
        "heard": heard,
        "character_error_rate": round(character_error_rate(said, heard), 4),
        "model": recording.model_name if recording else None,
        "transcript": [
            {"speaker": speaker, "start_s": s.start_s, "end_s": s.end_s, "text": s.text}
            for speaker, s in spoken
        ],
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "state": ticket.state,
        "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
        "profile": ticket.deadline_profile,
        "outcome": ticket.outcome,
        "solved": ticket.solved,
        "satisfaction": ticket.satisfaction,
        "history": [
            {
                "at": line.at.isoformat(),
                "event": line.event,
                "from": line.from_state,
                "to": line.to_state,
                "actor": line.actor_name,
                "department": line.department_name,
                "reason": line.reason,
            }
            for line in ticket.history
        ],
    }


def _callback(session: Session, ticket: Ticket) -> dict[str, Any]:
    follow_ups = of_ticket(session, ticket.id)
    return {
        "outcome": follow_ups[-1].state if follow_ups else None,
        "attempts": [
            {
                "started_at": attempt.started_at.isoformat(),
                "answered_at": attempt.answered_at.isoformat() if attempt.answered_at else None,
                "ended_at": attempt.ended_at.isoformat() if attempt.ended_at else None,
                "digits": attempt.digits,
                "outcome": attempt.outcome,
            }
            for follow_up in follow_ups
            for attempt in follow_up.attempts
        ],
    }
