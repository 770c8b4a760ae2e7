"""Telephones that are no seats and answer in the queue's place: on duty at night, or a leader's."""

from collections.abc import Callable, Mapping
from typing import Any

from hotline.calls.service import call_answered_elsewhere
from ivr.ami import events
from ivr.handlers.turn import Turn


class Duty:
    """Facts about calls that no agent took."""

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {events.DutyAnswered: self._answered}

    def _answered(self, turn: Turn, event: events.DutyAnswered) -> None:
        call_answered_elsewhere(turn.context, event.linkedid, event.uniqueid, event.channel)
