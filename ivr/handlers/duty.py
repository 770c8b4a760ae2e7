"""Telephones that are no seats and answer in the queue's place: on duty at night, or a leader's."""

from collections.abc import Callable, Mapping
from typing import Any

from hotline.calls.service import call_answered_elsewhere, phone_rang_out, phone_rings
from hotline.calls.way import phone_not_answered
from ivr.ami import events
from ivr.handlers.turn import Turn


class Duty:
    """Facts about calls that no agent took."""

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.PhoneRings: self._rings,
            events.PhoneRangOut: self._rang_out,
            events.DutyAnswered: self._answered,
            events.PhoneNotAnswered: self._not_answered,
        }

    def _rings(self, turn: Turn, event: events.PhoneRings) -> None:
        phone_rings(turn.context, event.linkedid, event.phone)

    def _rang_out(self, turn: Turn, event: events.PhoneRangOut) -> None:
        phone_rang_out(turn.context, event.linkedid)

    def _answered(self, turn: Turn, event: events.DutyAnswered) -> None:
        call_answered_elsewhere(turn.context, event.linkedid, event.uniqueid, event.channel, event.phone)

    def _not_answered(self, turn: Turn, event: events.PhoneNotAnswered) -> None:
        phone_not_answered(turn.context, event.linkedid)
