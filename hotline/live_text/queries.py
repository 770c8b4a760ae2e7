"""Reads of live text: who is to be listened to, what was understood, and who may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallState, SeatState
from hotline.calls.queries import seat_of
from hotline.conversations.models import Party, PartyKind, PartyState, RecordingPause
from hotline.live_text.models import LiveSegment
from hotline.monitoring.queries import session_of
from hotline.transcripts.models import CallNotice, Speaker

_FOLLOWED = (CallState.TALKING, CallState.BROKEN)
_AT_THE_DESK = (SeatState.TALKING, SeatState.BROKEN, SeatState.WRAP_UP)
_SPEAKERS: Mapping[PartyKind, Speaker] = {PartyKind.CALLER: Speaker.CALLER, PartyKind.AGENT: Speaker.AGENT}


@dataclass(frozen=True)
class WantedSpeaker:
    """Somebody whose words should become text; a third party unless caller or agent."""

    channel_id: str
    speaker: Speaker
    label: str
    muted: bool


@dataclass(frozen=True)
class WantedCall:
    """A call in which people talk. `paused` while its recording is; `languages` by the call plan's names,
    the most exact first."""

    call_id: int
    started_at: datetime
    paused: bool
    speakers: tuple[WantedSpeaker, ...]
    languages: tuple[str, ...] = ()


def wanted_calls(session: Session, pbx: str) -> list[WantedCall]:
    """The calls of one Asterisk in which people talk, those answered first in front. Supervisors are no
    parties of a call, so nobody follows their words."""
    query = select(Call).where(Call.state.in_(_FOLLOWED), Call.pbx == pbx)
    calls = session.scalars(query.order_by(Call.answered_at, Call.id)).all()
    ids = [call.id for call in calls]
    here = (PartyState.TALKING, PartyState.HELD)
    parties = session.scalars(
        select(Party).where(Party.call_id.in_(ids), Party.state.in_(here)).order_by(Party.id)
    ).all()
    paused = set(
        session.scalars(
            select(RecordingPause.call_id).where(
                RecordingPause.call_id.in_(ids), RecordingPause.until_at.is_(None)
            )
        )
    )
    chosen = select(CallNotice).where(CallNotice.call_id.in_(ids))
    notices = {notice.call_id: notice for notice in session.scalars(chosen)}
    return [
        WantedCall(
            call.id,
            call.started_at,
            call.id in paused,
            tuple(_speaker(party) for party in parties if party.call_id == call.id),
            _languages(notices.get(call.id)),
        )
        for call in calls
    ]


def segments_of(session: Session, call_id: int, after_id: int = 0) -> Sequence[LiveSegment]:
    """What was understood of a call so far, in the order of its being said; only what came after `after_id`,
    if given. Empty once the transcript of the recording has taken its place."""
    query = select(LiveSegment).where(LiveSegment.call_id == call_id, LiveSegment.id > after_id)
    return session.scalars(query.order_by(LiveSegment.start_s, LiveSegment.id)).all()


def call_at_desk(session: Session, user_id: int) -> Call | None:
    """The call whose words somebody at a desk may see: their own, talking or just over."""
    seat = seat_of(session, user_id)
    if seat is None or seat.call is None or seat.state not in _AT_THE_DESK:
        return None
    return seat.call if seat.call.agent_id == user_id else None


def call_supervised(session: Session, user_id: int) -> Call | None:
    """The call that this supervisor listens to, or takes part in."""
    now = session_of(session, user_id)
    return now.call if now is not None and now.answered_at is not None else None


def _languages(notice: CallNotice | None) -> tuple[str, ...]:
    chosen = (notice.tongue, notice.language) if notice is not None else ()
    return tuple(language for language in chosen if language)


def _speaker(party: Party) -> WantedSpeaker:
    speaker = _SPEAKERS.get(party.kind, Speaker.THIRD)
    return WantedSpeaker(party.channel_id, speaker, party.label, party.muted)
