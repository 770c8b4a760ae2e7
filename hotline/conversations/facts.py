"""What the telephone says of people who are talking. Every function may be told twice without harm.

A channel is known by its `channel_id` (Asterisk's uniqueid). Channels of no call of ours are passed over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.calls.models import Call, CallLeg, CallState, Seat, SeatState
from hotline.calls.ports import Legs, Meeting
from hotline.calls.seats import set_seat
from hotline.calls.service import call_answered
from hotline.context import Context
from hotline.conversations.models import Party, PartyEnd, PartyKind, PartyState, RecordingPause
from hotline.conversations.queries import live_parties, parties_of, standing
from hotline.conversations.rules import place
from hotline.conversations.service import announce

ASKED = "asked"
"""Reason of a seat that talks in somebody else's call."""


@dataclass(frozen=True)
class Place:
    """Where a channel is: `bridge` is the room that it is in, empty for none."""

    linkedid: str
    channel_id: str
    channel: str
    extension: str | None
    bridge: str


@dataclass(frozen=True)
class FailedTransfer:
    """Whom the caller should have gone to did not come; `agent_is_here` to take the caller back."""

    legs: Legs
    agent_is_here: bool


def party_entered(context: Context, at: Place) -> str | None:
    """Somebody is in a room, and hears who else is there.

    Returns the caller's channel if with this somebody became the call's agent.
    """
    with context.writing() as session:
        party = _party(session, context, at)
        if party is None:
            return None
        party.bridge, party.channel = at.bridge, at.channel[:120]
        party.answered_at = party.answered_at or context.now()
        if party.state is PartyState.RINGING:
            party.state = PartyState.HELD
            _engage(session, context, party)
        _place_all(session, context, party.call)
        call_id = party.call_id
    return take_over(context, call_id)


def party_left_bridge(context: Context, channel_id: str, bridge: str) -> None:
    """Somebody is no longer in this room; perhaps on the way to another one."""
    with context.writing() as session:
        party = _known(session, channel_id)
        if party is None or party.bridge != bridge:
            return
        party.bridge = ""
        _place_all(session, context, party.call)


@dataclass(frozen=True)
class Departure:
    """What follows from the end of a channel: a transfer that failed, or a caller (the channel) whose call
    has become another agent's."""

    failed: FailedTransfer | None = None
    taken_over: str | None = None


def party_gone(context: Context, channel_id: str, end: PartyEnd) -> Departure:
    """A channel has ended, or never came to be. `end` is why, if nobody ever answered it."""
    with context.writing() as session:
        party = _known(session, channel_id)
        if party is None or party.state is PartyState.LEFT:
            return Departure()
        answered = party.answered_at is not None
        party.state, party.bridge, party.left_at = PartyState.LEFT, "", context.now()
        party.end = PartyEnd.HUNG_UP if answered else end
        _disengage(session, context, party)
        _place_all(session, context, party.call, changed=True)
        failed = None if answered or party.meeting is not Meeting.TRANSFER else _failed(session, party.call)
        call_id = party.call_id
    return Departure(failed, take_over(context, call_id))


def is_party(context: Context, channel_id: str) -> bool:
    """Whether this channel is known to be somebody's in a conversation."""
    with context.reading() as session:
        return _known(session, channel_id) is not None


def ringing_for_transfer(context: Context, linkedid: str) -> list[str]:
    """Third parties who ring to get the caller: not wanted any more where another agent takes the call."""
    with context.reading() as session:
        call = session.scalar(select(Call).where(Call.linkedid == linkedid))
        ringing = standing(session, call).ringing if call else []
        return [third.channel_id for third in ringing if third.meeting is Meeting.TRANSFER]


def ringing_in_vain(context: Context, channel_id: str) -> list[str]:
    """Third parties who ring for a caller who has hung up. Whom the agent wanted to speak alone may come."""
    with context.reading() as session:
        party = _known(session, channel_id)
        if party is None or party.kind is not PartyKind.CALLER:
            return []
        now = standing(session, party.call)
        return [third.channel_id for third in now.ringing if third.meeting is not Meeting.CONSULT]


def party_holding(context: Context, channel_id: str, on: bool) -> None:
    """Somebody pressed hold on the telephone itself: whoever is with them hears music."""
    with context.writing() as session:
        party = _known(session, channel_id)
        if party is not None and party.holding is not on:
            party.holding = on
            _place_all(session, context, party.call, changed=True)


def party_muted(context: Context, channel_id: str, on: bool) -> None:
    """Nobody hears this party, or they do again."""
    with context.writing() as session:
        party = _known(session, channel_id)
        if party is not None and party.muted is not on:
            party.muted = on
            announce(session, context, party.call, "muted")


def recording_paused(context: Context, channel_id: str, on: bool) -> None:
    """The recording of a channel holds silence from now on, or sound again.

    The caller's channel has the mix, and so says what the call's recording does.
    """
    with context.writing() as session:
        party = _known(session, channel_id)
        if party is None or party.kind is not PartyKind.CALLER:
            return
        lasts = select(RecordingPause).where(
            RecordingPause.call_id == party.call_id, RecordingPause.until_at.is_(None)
        )
        pause = session.scalars(lasts).first()
        if on and pause is None:
            session.add(RecordingPause(call_id=party.call_id, from_at=context.now()))
        elif not on and pause is not None:
            pause.until_at = context.now()
        announce(session, context, party.call, "recording")


def is_not_to_be_recorded(context: Context, channel_id: str) -> bool:
    """Whether this party came while the recording of the call is paused."""
    with context.reading() as session:
        party = _known(session, channel_id)
        return party is not None and standing(session, party.call).recording_paused


def take_over(context: Context, call_id: int) -> str | None:
    """Nobody's call, or that of an agent who is gone, belongs to an agent who talks with the caller.

    Returns the caller's channel if there was an agent before.
    """
    with context.reading() as session:
        call = session.get_one(Call, call_id)
        now = standing(session, call)
        if call.state is CallState.ENDED or now.agent is not None:
            return None
        heard = [party for party in now.with_party(now.caller) if party.kind is PartyKind.AGENT]
        if now.caller is None or not heard or heard[-1].extension is None:
            return None
        linkedid, heir, extension = call.linkedid, heard[-1], heard[-1].extension
        is_first = call.agent_id is None
    call_answered(context, linkedid, extension, heir.channel_id, heir.channel)
    return None if is_first else now.caller.channel_id


def these_are_here(context: Context, places: Collection[Place], pbx: str) -> list[str]:
    """All channels of one Asterisk, after a while in which nobody listened.

    Returns the channels of callers whom another agent has taken over.
    """
    there: Mapping[str, Place] = {one.channel_id: one for one in places}
    with context.reading() as session:
        believed = [party for party in live_parties(session) if party.call.pbx == pbx]
    taken = []
    for party in believed:
        if party.channel_id not in there:
            taken.append(party_gone(context, party.channel_id, PartyEnd.UNREACHABLE).taken_over)
        elif there[party.channel_id].bridge != party.bridge:
            party_left_bridge(context, party.channel_id, party.bridge)
    taken += [party_entered(context, one) for one in places if one.bridge]
    return [caller for caller in taken if caller is not None]


def _party(session: Session, context: Context, at: Place) -> Party | None:
    if party := _known(session, at.channel_id):
        return party if party.state is not PartyState.LEFT else None
    call = session.scalar(select(Call).where(Call.linkedid == at.linkedid))
    if call is None:
        return None
    found = _newcomer(session, call, at)
    if found is not None:
        found.answered_at = found.asked_at = context.now()
        session.add(found)
        session.flush()
    return found


def _newcomer(session: Session, call: Call, at: Place) -> Party | None:
    """The caller, or an agent whom the queue rang; nobody else comes by themselves."""
    new = Party(call=call, channel_id=at.channel_id, channel=at.channel[:120], state=PartyState.HELD)
    if at.extension:
        seat = session.scalar(select(Seat).where(Seat.extension == at.extension))
        if seat is None:
            return None
        new.kind, new.extension, new.user_id = PartyKind.AGENT, at.extension, seat.user_id
        new.label = seat.user.display_name
        return new
    leg = session.scalar(select(CallLeg.role).where(CallLeg.uniqueid == at.channel_id))
    if at.channel_id != call.linkedid and leg != "caller":
        return None
    new.kind = PartyKind.CALLER
    return new


def _known(session: Session, channel_id: str) -> Party | None:
    return session.scalar(select(Party).where(Party.channel_id == channel_id))


def _place_all(session: Session, context: Context, call: Call, changed: bool = False) -> None:
    """Work out anew what everybody does; tell the pages if it is not what they show."""
    session.flush()
    parties = parties_of(session, call.id)
    before = [(party.state, party.bridge != "") for party in parties]
    place(parties)
    if changed or before != [(party.state, party.bridge != "") for party in parties]:
        announce(session, context, call, "changed")


def _engage(session: Session, context: Context, party: Party) -> None:
    """An agent whom another agent rang is in a call, too, though not in one of their own."""
    seat = _seat(session, party)
    if seat is not None and seat.state is SeatState.READY:
        set_seat(session, context, seat, SeatState.TALKING, reason=ASKED)


def _disengage(session: Session, context: Context, party: Party) -> None:
    seat = _seat(session, party)
    if seat is not None and seat.state is SeatState.TALKING and seat.call_id is None and seat.reason == ASKED:
        set_seat(session, context, seat, SeatState.READY)


def _seat(session: Session, party: Party) -> Seat | None:
    if not party.is_third or party.extension is None:
        return None
    return session.scalar(select(Seat).where(Seat.extension == party.extension))


def _failed(session: Session, call: Call) -> FailedTransfer | None:
    now = standing(session, call)
    caller = now.caller
    if caller is None or not caller.is_here:
        return None
    agents = [party for party in now.parties if party.kind is PartyKind.AGENT and not party.is_third]
    agent = now.agent or (agents[-1] if agents else None)
    return FailedTransfer(Legs(caller.channel_id, agent.channel_id), now.agent is not None) if agent else None


ASKED = "asked"
"""Reason of a seat that talks in somebody else's call."""
