"""Agents' lines that break in a talk, and talks that are over."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from hotline.calls.broken import (
    LINE_BROKEN,
    NO_SOUND,
    agent_lost,
    call_broken,
    call_parting,
    line_is_back,
)
from hotline.calls.ports import SeatControl, TelephoneAway
from hotline.calls.service import agent_rejoined
from ivr.ami import break_events, events
from ivr.handlers.turn import Turn
from ivr.leg_watch import LegWatch

_log = structlog.get_logger(__name__)


class BrokenLegs:
    """Facts about legs that broke or ended. The watch is told of telephones that may be gone or mute."""

    def __init__(self, watch: LegWatch, control: SeatControl) -> None:
        self._watch = watch
        self._control = control

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.ContactChanged: self._contact_changed,
            break_events.AgentBroken: self._broken,
            break_events.AgentLost: self._lost,
            break_events.AgentRejoined: self._rejoined,
            break_events.BrowserAnswered: self._answered,
            events.CallParting: self._parting,
        }

    def _contact_changed(self, turn: Turn, event: events.ContactChanged) -> None:
        if not event.reachable:
            self._watch.doubt(event.endpoint)
            return
        try:
            line_is_back(turn.context, self._control, event.extension)
        except TelephoneAway:
            _log.warning("broken_legs.order_failed", extension=event.extension)

    def _broken(self, turn: Turn, event: break_events.AgentBroken) -> None:
        call_broken(turn.context, event.linkedid, event.extension, goes_on=event.others)

    def _lost(self, turn: Turn, event: break_events.AgentLost) -> None:
        reason = NO_SOUND if event.unheard else LINE_BROKEN
        agent_lost(turn.context, event.linkedid, event.extension, event.others, reason)

    def _rejoined(self, turn: Turn, event: break_events.AgentRejoined) -> None:
        agent_rejoined(turn.context, event.linkedid, event.extension, event.uniqueid, event.channel)

    def _answered(self, turn: Turn, event: break_events.BrowserAnswered) -> None:
        self._watch.answered(event.channel)

    def _parting(self, turn: Turn, event: events.CallParting) -> None:
        call_parting(turn.context, event.linkedid)
