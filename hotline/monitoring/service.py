"""A supervisor goes into a call, changes how they are with it, leaves; and what the telephone tells of it."""

from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline import events
from hotline.calls.models import Call, CallState, Seat, SeatState
from hotline.calls.ports import CallControl, Legs, NoTelephone, Supervising, TalkControl, TelephoneAway
from hotline.calls.seats import goes_back, seat_of
from hotline.context import Context
from hotline.conversations.queries import standing
from hotline.monitoring import rules
from hotline.monitoring.audit import note, note_failure
from hotline.monitoring.models import Deed, Mode, MonitoringSession, SessionEnd
from hotline.monitoring.queries import (
    agents_leg,
    by_channel,
    citizens_leg,
    has_taken_over,
    is_live,
    joined_with,
    session_of,
)
from hotline.people.actors import Role
from hotline.people.models import User

_HOW = {
    Mode.LISTEN: Supervising.LISTEN,
    Mode.WHISPER: Supervising.WHISPER,
    Mode.BARGE: Supervising.JOIN,
    Mode.TAKE_OVER: Supervising.JOIN,
}
_RINGS_AT_MOST = timedelta(minutes=1)
_BUSY = (SeatState.RINGING, SeatState.TALKING)


def supervise(context: Context, control: CallControl, call_id: int, mode: Mode) -> int:
    """Go into a call, or be with it in another way; returns the session's id. Asked twice is as once.

    The supervisor's telephone rings first; nothing is heard before it is answered. Raises a
    `MonitoringRefused`, or `TelephoneAway`, and then the supervisor is with the call as before.
    """
    context.actor.must_have("supervise calls", Role.SUPERVISOR)
    with context.writing() as session:
        person, call = _locked(session, context, call_id)
        now = session_of(session, person.id)
        if now is not None and now.call_id == call.id and now.mode is mode:
            return now.id
        rules.check(_situation(session, person, call, now), mode)
        note(session, context, Deed(mode.value), call, call.agent)
        before = now.mode if now else None
        entered = now or _new_session(session, context, person, call, mode)
        entered.mode = mode
        _announce(session, context, entered)
        legs = _legs(session, call)
    try:
        _order(control, entered, before, legs)
    except (TelephoneAway, NoTelephone) as away:
        _take_back(context, entered.id, before, Deed(mode.value))
        if isinstance(away, NoTelephone):
            raise (rules.TelephoneElsewhere if context.settings.pbxs else rules.NoOwnTelephone) from away
        raise
    return entered.id


def _order(control: CallControl, entered: MonitoringSession, before: Mode | None, legs: Legs) -> None:
    """Tell the telephone. Whoever is in the talk already stays there, and only the agent may have to go."""
    channel_id = entered.channel_id or ""
    if before is None:
        control.ring_supervisor(entered.extension, channel_id, legs, _HOW[entered.mode])
    elif entered.joined_at is None or not entered.mode.joins:
        control.supervise(channel_id, legs, _HOW[entered.mode])
    elif entered.mode is Mode.TAKE_OVER:
        control.take_over(channel_id, legs)


def stop(context: Context, control: TalkControl) -> None:
    """Leave the call; the others go on. Raises `NoSession`, `TelephoneAway`."""
    with context.reading() as session:
        now = session_of(session, context.actor.user_id)
        if now is None:
            raise rules.NoSession
        session_id, channel_id = now.id, now.channel_id or ""
    control.hang_up(channel_id)
    with context.writing() as session:
        now = session.get_one(MonitoringSession, session_id)
        note(session, context, Deed.STOP, now.call, now.agent)
        _end(session, context, now, SessionEnd.STOPPED)


def heard(context: Context, channel_id: str, how: Supervising, by_itself: bool = False) -> None:
    """The telephone says how the supervisor's leg is with the call from now on. May be told twice.

    `by_itself`: whom the supervisor was with has gone, and the leg went on to listen at the citizen's end.
    """
    with context.writing() as session:
        now = by_channel(session, channel_id)
        if now is None or now.ended_at is not None:
            return
        now.answered_at = now.answered_at or context.now()
        if how is not Supervising.JOIN:
            now.joined_at = None
        if by_itself and now.mode is not Mode.TAKE_OVER:  # who took over has nobody left to speak with
            now.mode = Mode.LISTEN
        _announce(session, context, now)


def joined(context: Context, control: CallControl, channel_id: str) -> None:
    """The supervisor's leg is in the talk. Who takes over, now takes the agent's place. May be told twice.

    Raises `TelephoneAway`: to be told again.
    """
    with context.writing() as session:
        now = by_channel(session, channel_id)
        if now is None or now.ended_at is not None or has_taken_over(session, channel_id):
            return
        now.joined_at = now.joined_at or context.now()
        legs, takes_over = _legs(session, now.call), now.mode is Mode.TAKE_OVER
        _announce(session, context, now)
    keep_unrecorded(context, control, channel_id)
    if takes_over:
        control.take_over(channel_id, legs)


def keep_unrecorded(context: Context, control: TalkControl, channel_id: str) -> None:
    """The track of a supervisor who takes part holds silence, too, while the call's recording is paused."""
    with context.reading() as session:
        now = by_channel(session, channel_id)
        if now is None or not now.mode.joins or not standing(session, now.call).recording_paused:
            return
    control.pause_recording([channel_id], True)


def recording_paused(context: Context, control: TalkControl, citizen: str, on: bool) -> None:
    """The recording of the call whose citizen's channel this is holds silence from now on, or sound again:
    so do the tracks of supervisors who take part. Those of who took over are paused as the agent's are."""
    with context.reading() as session:
        legs = [
            now.channel_id or ""
            for now in joined_with(session)
            if citizens_leg(session, now.call) == citizen
            and not has_taken_over(session, now.channel_id or "")
        ]
    if legs:
        control.pause_recording(legs, on)


def taken_over(context: Context, channel_id: str) -> None:
    """The call is the supervisor's. Their seat, which it makes talk, will be afterwards what it is now."""
    with context.writing() as session:
        now = by_channel(session, channel_id)
        if now is None:
            return
        goes_back(seat_of(session, now.extension))


def left(context: Context, channel_id: str) -> None:
    """The supervisor's leg has gone: the session is over. Why, says `settle`. May be told twice."""
    with context.writing() as session:
        now = by_channel(session, channel_id)
        if now is None or now.ended_at is not None:
            return
        _end(session, context, now, None)


def settle(context: Context, channel_id: str) -> None:
    """A moment after `left`: a call whose people hang up ends one leg after the other, in any order."""
    with context.writing() as session:
        now = by_channel(session, channel_id)
        if now is not None and now.ended_at is not None and now.end is None:
            now.end = _why(now)


def not_answered(context: Context, session_id: int) -> None:
    """The supervisor's telephone could not be reached, or was not picked up."""
    with context.writing() as session:
        now = session.get(MonitoringSession, session_id)
        if now is not None and now.ended_at is None:
            _end(session, context, now, SessionEnd.NOT_ANSWERED)


def end_what_is_gone(context: Context, alive: set[str], pbx: str) -> None:
    """Of one Asterisk only these legs are up: sessions of other legs are over, unless ordered just now."""
    with context.writing() as session:
        before = context.now() - _RINGS_AT_MOST
        begun = or_(MonitoringSession.answered_at.is_not(None), MonitoringSession.started_at < before)
        query = (
            select(MonitoringSession)
            .join(Call)
            .where(MonitoringSession.ended_at.is_(None), begun, Call.pbx == pbx)
        )
        for now in session.scalars(query):
            if now.channel_id not in alive:
                _end(session, context, now, _why(now))


def _locked(session: Session, context: Context, call_id: int) -> tuple[User, Call]:
    """Both rows held until the end: of two supervisors, or two presses, one is first."""
    call = session.get(Call, call_id, with_for_update=True)
    if call is None:
        raise rules.NoSuchCall
    return session.get_one(User, context.actor.user_id, with_for_update=True), call


def _situation(session: Session, person: User, call: Call, now: MonitoringSession | None) -> rules.Situation:
    seat = session.scalar(select(Seat).where(Seat.extension == person.extension))
    goes_on = now is not None and now.call_id == call.id
    takes_part = goes_on and now is not None and now.joined_at is not None
    agent = agents_leg(session, call)
    return rules.Situation(
        over=not is_live(call),
        talking=call.state is CallState.TALKING,
        agent_is_there=agent is not None,
        is_own_call=agent is not None and agent.extension == person.extension,
        has_telephone=goes_on or (seat is not None and seat.registered),
        telephone_busy=_is_busy(seat, now if goes_on else None),
        on_another_call=now is not None and not goes_on,
        holds_the_caller=takes_part and agent is None and not _talks_with_others(session, call),
        speaker=_speaker(session, call, person),
    )


def _talks_with_others(session: Session, call: Call) -> bool:
    """Whether the citizen hears somebody else than supervisors: those are no parties of the conversation."""
    now = standing(session, call)
    return bool(now.with_party(now.caller))


def _is_busy(seat: Seat | None, goes_on: MonitoringSession | None) -> bool:
    """An exchange that is still ringing the supervisor takes no other order."""
    if goes_on is not None:
        return goes_on.answered_at is None
    return seat is not None and seat.state in _BUSY


def _speaker(session: Session, call: Call, person: User) -> str:
    query = select(MonitoringSession).where(
        MonitoringSession.call_id == call.id,
        MonitoringSession.supervisor_id != person.id,
        MonitoringSession.mode != Mode.LISTEN,
        MonitoringSession.ended_at.is_(None),
    )
    other = session.scalars(query).first()
    return other.supervisor.display_name if other else ""


def _new_session(
    session: Session, context: Context, person: User, call: Call, mode: Mode
) -> MonitoringSession:
    now = context.now()
    made = MonitoringSession(
        call=call,
        supervisor=person,
        agent_id=call.agent_id,
        extension=person.extension or "",
        mode=mode,
        started_at=now,
    )
    session.add(made)
    session.flush()
    made.channel_id = rules.channel_of(made.id, int(now.timestamp()), call.pbx)
    return made


def _legs(session: Session, call: Call) -> Legs:
    agent = agents_leg(session, call)
    return Legs(citizens_leg(session, call), agent.uniqueid if agent else "")


def _take_back(context: Context, session_id: int, before: Mode | None, deed: Deed) -> None:
    """The order did not get through: everything is as it was, and the log says so."""
    with context.writing() as session:
        now = session.get_one(MonitoringSession, session_id)
        call_id = now.call_id
        if before is None:
            _end(session, context, now, SessionEnd.FAILED)
        else:
            now.mode = before
            _announce(session, context, now)
    note_failure(context, deed, call_id)


def _why(now: MonitoringSession) -> SessionEnd:
    if now.call.state is CallState.ENDED:
        return SessionEnd.CALL_OVER
    return SessionEnd.STOPPED if now.answered_at else SessionEnd.NOT_ANSWERED


def _end(session: Session, context: Context, now: MonitoringSession, end: SessionEnd | None) -> None:
    if now.ended_at is None:
        now.ended_at, now.joined_at, now.end = context.now(), None, end
        _announce(session, context, now)


def _announce(session: Session, context: Context, now: MonitoringSession) -> None:
    session.flush()
    facts = {"mode": now.mode, "extension": now.extension, "over": now.ended_at is not None}
    events.record(session, context.now(), "monitoring.changed", f"call:{now.call_id}", **facts)
