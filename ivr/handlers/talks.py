"""People who are talking: who is with whom, on hold, muted, recorded, and who did not come."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from hotline.calls.ports import TalkControl, TelephoneAway
from hotline.context import Context
from hotline.conversations import facts
from hotline.conversations.facts import FailedTransfer, Place
from hotline.conversations.models import PartyEnd, RelayState
from hotline.conversations.relay import relay_told, relays_are_these
from hotline.monitoring.queries import taking_over
from hotline.monitoring.rules import is_supervisors
from ivr.ami import events, supervisor_events, talk_events
from ivr.ami.client import AmiRefused, Packet
from ivr.ami.link import Asks
from ivr.handlers.turn import Turn
from ivr.variables import AGENT_WENT, KEPT_BY

_log = structlog.get_logger(__name__)

# Q.850 causes of somebody who was rung in vain.
_BUSY = 17
_NOBODY = frozenset({16, 18, 19, 21, 26})


class Talks:
    """Facts about conversations."""

    def __init__(self, control: TalkControl, asterisk: Asks) -> None:
        """`control` brings callers back whom nobody took; `asterisk` is told that an agent took one over."""
        self._control = control
        self._asterisk = asterisk

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            talk_events.BridgeEntered: self._entered,
            talk_events.BridgeLeft: self._left,
            supervisor_events.CallTakenOver: self._taken_over,
            supervisor_events.SupervisorJoined: self._owner_moved,
            supervisor_events.SupervisorLeft: self._owner_hung_up,
            events.ChannelHungUp: self._hung_up,
            talk_events.ThirdNotReached: self._not_reached,
            talk_events.LegHolding: self._holding,
            talk_events.LegMuted: self._muted,
            talk_events.LegNotRecorded: self._not_recorded,
            talk_events.BackToCaller: self._back_to_caller,
            talk_events.RelayTold: self._relay_told,
            talk_events.RelayNotReached: self._relay_not_reached,
        }

    def start_again(self, context: Context, channels: Sequence[Packet]) -> None:
        """These are all channels of this Asterisk now. A supervisor takes part in a conversation as its agent
        or, for the core, not at all."""
        with context.reading() as session:
            owners = taking_over(session)
        places = [
            Place(
                channel.get("Linkedid"),
                channel.get("Uniqueid"),
                channel.get("Channel"),
                events.extension_of(channel.get("Channel")),
                channel.get("BridgeId"),
            )
            for channel in channels
            if not is_supervisors(channel.get("Uniqueid")) or channel.get("Uniqueid") in owners
        ]
        relays_are_these(context, {place.channel_id for place in places})
        for caller in facts.these_are_here(context, places, context.settings.pbx_name):
            self._forget_the_agent_before(caller)

    def _entered(self, turn: Turn, event: talk_events.BridgeEntered) -> None:
        extension = events.extension_of(event.channel)
        at = Place(event.linkedid, event.uniqueid, event.channel, extension, event.bridge)
        self._enter(turn.context, at)

    def _enter(self, context: Context, at: Place) -> None:
        if caller := facts.party_entered(context, at):
            self._forget_the_agent_before(caller)
        if facts.is_not_to_be_recorded(context, at.channel_id):
            self._try(partial(self._control.pause_recording, [at.channel_id], True))

    def _left(self, turn: Turn, event: talk_events.BridgeLeft) -> None:
        facts.party_left_bridge(turn.context, event.uniqueid, event.bridge)

    def _hung_up(self, turn: Turn, event: events.ChannelHungUp) -> None:
        self._depart(turn.context, event.uniqueid, _end(event.cause))
        for channel_id in facts.ringing_in_vain(turn.context, event.uniqueid):
            self._try(partial(self._control.hang_up, channel_id))

    def _not_reached(self, turn: Turn, event: talk_events.ThirdNotReached) -> None:
        """The channel's end, which says why, comes a moment later; if there was no channel, this is all."""
        turn.later(partial(self._give_up, turn.context, event.uniqueid))

    def _give_up(self, context: Context, channel_id: str) -> None:
        self._depart(context, channel_id, PartyEnd.UNREACHABLE)

    def _depart(self, context: Context, channel_id: str, end: PartyEnd) -> None:
        departure = facts.party_gone(context, channel_id, end)
        if departure.failed:
            self._bring_back(departure.failed)
        if departure.taken_over:
            self._forget_the_agent_before(departure.taken_over)

    def _taken_over(self, turn: Turn, event: supervisor_events.CallTakenOver) -> None:
        """A supervisor is the call's agent from now on, and whoever rings to get the caller need not come."""
        self._enter(turn.context, _place_of(event))
        for channel_id in facts.ringing_for_transfer(turn.context, event.linkedid):
            self._try(partial(self._control.hang_up, channel_id))

    def _owner_moved(self, turn: Turn, event: supervisor_events.SupervisorJoined) -> None:
        if facts.is_party(turn.context, event.uniqueid):
            self._enter(turn.context, _place_of(event))

    def _owner_hung_up(self, turn: Turn, event: supervisor_events.SupervisorLeft) -> None:
        self._depart(turn.context, event.uniqueid, PartyEnd.HUNG_UP)

    def _holding(self, turn: Turn, event: talk_events.LegHolding) -> None:
        facts.party_holding(turn.context, event.uniqueid, event.on)

    def _muted(self, turn: Turn, event: talk_events.LegMuted) -> None:
        facts.party_muted(turn.context, event.uniqueid, event.on)

    def _not_recorded(self, turn: Turn, event: talk_events.LegNotRecorded) -> None:
        facts.recording_paused(turn.context, event.uniqueid, event.on)

    def _bring_back(self, failed: FailedTransfer) -> None:
        """To the agent; if that one has hung up meanwhile, to the head of the queue."""
        back = self._control.resume if failed.agent_is_here else self._control.to_queue
        self._try(partial(back, failed.legs))

    def _back_to_caller(self, turn: Turn, event: talk_events.BackToCaller) -> None:
        self._forget(event.caller, KEPT_BY)

    def _relay_told(self, turn: Turn, event: talk_events.RelayTold) -> None:
        if event.state in set(RelayState):
            relay_told(turn.context, event.relay_id, RelayState(event.state))

    def _relay_not_reached(self, turn: Turn, event: talk_events.RelayNotReached) -> None:
        relay_told(turn.context, event.relay_id, RelayState.FAILED)

    def _try(self, order: Callable[[], None]) -> None:
        """What cannot be done now need not be done later: Asterisk away takes its calls with it."""
        try:
            order()
        except TelephoneAway as error:
            _log.warning("talks.order_not_taken", error=type(error).__name__)

    def _forget_the_agent_before(self, caller: str) -> None:
        """How the one before went says nothing of how this one will (agent_gone.j2)."""
        self._forget(caller, AGENT_WENT)

    def _forget(self, caller: str, variable: str) -> None:
        try:
            self._asterisk.ask("Setvar", {"Channel": caller, "Variable": variable, "Value": ""})
        except AmiRefused:  # hung up meanwhile
            return


def _place_of(event: supervisor_events.SupervisorJoined) -> Place:
    extension = events.extension_of(event.channel)
    return Place(event.linkedid, event.uniqueid, event.channel, extension, event.bridge)


def _end(cause: int) -> PartyEnd:
    if cause == _BUSY:
        return PartyEnd.BUSY
    return PartyEnd.NO_ANSWER if cause in _NOBODY else PartyEnd.UNREACHABLE
