"""Agents' lines that break in a talk, and talks that are over."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from hotline.calls.broken import agent_lost, call_broken, call_parting, line_is_back
from hotline.calls.ports import SeatControl, TelephoneAway
from ivr.ami import events
from ivr.handlers.turn import Turn

_log = structlog.get_logger(__name__)


class BrokenLegs:
    """Facts about legs that broke or ended. `doubt` is told of telephones that may be gone."""

    def __init__(self, doubt: Callable[[str], None], control: SeatControl) -> None:
        self._doubt = doubt
        self._control = control

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.ContactChanged: self._contact_changed,
            events.AgentBroken: self._broken,
            events.AgentLost: self._lost,
            events.CallParting: self._parting,
        }

    def _contact_changed(self, turn: Turn, event: events.ContactChanged) -> None:
        if not event.reachable:
            self._doubt(event.endpoint)
            return
        try:
            line_is_back(turn.context, self._control, event.extension)
        except TelephoneAway:
            _log.warning("broken_legs.order_failed", extension=event.extension)

    def _broken(self, turn: Turn, event: events.AgentBroken) -> None:
        call_broken(turn.context, event.linkedid, event.extension)

    def _lost(self, turn: Turn, event: events.AgentLost) -> None:
        agent_lost(turn.context, event.linkedid, event.extension)

    def _parting(self, turn: Turn, event: events.CallParting) -> None:
        call_parting(turn.context, event.linkedid)
