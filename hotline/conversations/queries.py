"""Reads of conversations."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.asked_once import asked_once
from hotline.calls.models import Call, CallState
from hotline.conversations.models import HandOver, Party, PartyState, RecordingPause, Relay
from hotline.conversations.rules import Standing
from hotline.transcripts.models import Recording, Speaker


def parties_of(session: Session, call_id: int) -> Sequence[Party]:
    """Everybody who was ever in the call, in the order of their coming."""
    return session.scalars(select(Party).where(Party.call_id == call_id).order_by(Party.id)).all()


def standing(session: Session, call: Call) -> Standing:
    """The conversation of a call as it stands now."""
    paused = select(RecordingPause.id).where(
        RecordingPause.call_id == call.id, RecordingPause.until_at.is_(None)
    )
    return Standing(parties_of(session, call.id), call.agent_id, session.scalar(paused) is not None)


def call_of_agent(session: Session, user_id: int) -> Call | None:
    """The call in which this person's telephone is just now, ringing apart; None if it is in none."""
    here = (Party.state != PartyState.LEFT, Party.state != PartyState.RINGING)
    query = (
        select(Call)
        .join(Party)
        .where(or_(Party.user_id == user_id), *here)
        .order_by(Party.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def asked_in(session: Session, user_id: int) -> Call | None:
    """The call into which a colleague is ringing this person just now; None if nobody does."""
    rung = (Party.user_id == user_id, Party.state == PartyState.RINGING, Party.meeting.is_not(None))
    return session.scalar(select(Call).join(Party).where(*rung).order_by(Party.id.desc()).limit(1))


def live_parties(session: Session) -> Sequence[Party]:
    """Everybody who is in a call or rings, of all calls."""
    return session.scalars(select(Party).where(Party.state != PartyState.LEFT).order_by(Party.id)).all()


def pauses_of(session: Session, call_id: int) -> Sequence[RecordingPause]:
    """Spans of a call that were not recorded, in their order."""
    query = select(RecordingPause).where(RecordingPause.call_id == call_id)
    return session.scalars(query.order_by(RecordingPause.from_at)).all()


def unrecorded(session: Session, recording: Recording) -> list[tuple[float, float]]:
    """Spans of silence by intent, as seconds from the beginning of the recording."""
    return _silences(recording, pauses_of(session, recording.call_id))


def unrecorded_of(
    session: Session, contact_id: int, recordings: Sequence[Recording]
) -> Mapping[int, list[tuple[float, float]]]:
    """The same of recordings of a contact's calls, by their ids."""
    pauses = pauses_of_contact(session, contact_id) if recordings else ()
    return {
        recording.id: _silences(recording, [one for one in pauses if one.call_id == recording.call_id])
        for recording in recordings
    }


@asked_once
def pauses_of_contact(session: Session, contact_id: int) -> Sequence[RecordingPause]:
    """Spans of all calls of a contact that were not recorded, in their order."""
    query = select(RecordingPause).join(Call, RecordingPause.call_id == Call.id)
    return session.scalars(query.where(Call.contact_id == contact_id).order_by(RecordingPause.from_at)).all()


def _silences(recording: Recording, pauses: Sequence[RecordingPause]) -> list[tuple[float, float]]:
    ended = recording.call.ended_at
    spans = [
        (seconds_in(recording, pause.from_at), seconds_in(recording, pause.until_at or ended))
        for pause in pauses
        if ended is not None
    ]
    return [(begin, end) for begin, end in spans if begin is not None and end is not None]


def seconds_in(recording: Recording, moment: datetime | None) -> float | None:
    """A moment of the call as seconds from the beginning of its recording, 0 before it.

    Reckoned from the end: both are over with the call, but the recording may have begun later. None where
    that cannot be known.
    """
    lengths = [track.starts_s + track.seconds for track in recording.tracks if track.speaker is Speaker.MIX]
    ended = recording.call.ended_at
    if not lengths or ended is None or moment is None:
        return None
    return max(0.0, lengths[0] - (ended - moment).total_seconds())


def hand_overs_of(session: Session, call_id: int) -> Sequence[HandOver]:
    """What emergency services were told in a call."""
    return session.scalars(select(HandOver).where(HandOver.call_id == call_id).order_by(HandOver.id)).all()


def relays_of(session: Session, ticket_id: int) -> Sequence[Relay]:
    """Relay calls of a ticket, oldest first."""
    return session.scalars(select(Relay).where(Relay.ticket_id == ticket_id).order_by(Relay.id)).all()


def open_relay(session: Session, ticket_id: int) -> Relay | None:
    """The relay call of a ticket that goes on just now."""
    query = select(Relay).where(Relay.ticket_id == ticket_id, Relay.ended_at.is_(None))
    return session.scalars(query).first()


def live_calls(session: Session) -> Sequence[Call]:
    """Calls that have not ended."""
    return session.scalars(select(Call).where(Call.state != CallState.ENDED)).all()
