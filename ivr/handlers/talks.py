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
from ivr.ami import events, talk_events
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
        """These are all channels of this Asterisk now."""
        places = [
            Place(
                channel.get("Linkedid"),
                channel.get("Uniqueid"),
                channel.get("Channel"),
                events.extension_of(channel.get("Channel")),
                channel.get("BridgeId"),
            )
            for channel in channels
        ]
        relays_are_these(context, {place.channel_id for place in places})
        for caller in facts.these_are_here(context, places, context.settings.pbx_name):
            self._forget_who_went(caller)

    def _entered(self, turn: Turn, event: talk_events.BridgeEntered) -> None:
        extension = events.extension_of(event.channel)
        at = Place(event.linkedid, event.uniqueid, event.channel, extension, event.bridge)
        if caller := facts.party_entered(turn.context, at):
            self._forget_who_went(caller)
        if facts.is_not_to_be_recorded(turn.context, event.uniqueid):
            self._try(partial(self._control.pause_recording, [event.uniqueid], True))

    def _left(self, turn: Turn, event: talk_events.BridgeLeft) -> None:
        facts.party_left_bridge(turn.context, event.uniqueid, event.bridge)

    def _hung_up(self, turn: Turn, event: events.ChannelHungUp) -> None:
        if failed := facts.party_gone(turn.context, event.uniqueid, _end(event.cause)):
            self._bring_back(failed)
        for channel_id in facts.ringing_in_vain(turn.context, event.uniqueid):
            self._try(partial(self._control.hang_up, channel_id))

    def _not_reached(self, turn: Turn, event: talk_events.ThirdNotReached) -> None:
        """The channel's end, which says why, comes a moment later; if there was no channel, this is all."""
        turn.later(partial(self._give_up, turn.context, event.uniqueid))

    def _give_up(self, context: Context, channel_id: str) -> None:
        if failed := facts.party_gone(context, channel_id, PartyEnd.UNREACHABLE):
            self._bring_back(failed)

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

    def _forget_who_went(self, caller: str) -> None:
        """How the agent before went says nothing of how this one will (agent_gone.j2)."""
        self._forget(caller, AGENT_WENT)

    def _forget(self, caller: str, variable: str) -> None:
        try:
            self._asterisk.ask("Setvar", {"Channel": caller, "Variable": variable, "Value": ""})
        except AmiRefused:  # hung up meanwhile
            return


def _end(cause: int) -> PartyEnd:
    if cause == _BUSY:
        return PartyEnd.BUSY
    return PartyEnd.NO_ANSWER if cause in _NOBODY else PartyEnd.UNREACHABLE
