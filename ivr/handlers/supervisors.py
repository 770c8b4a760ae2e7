"""Supervisors' legs. None of them answers a call, and none of them changes what the queue counts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hotline.calls.ports import TalkControl
from hotline.monitoring.service import heard, joined, left, not_answered, settle
from ivr.ami import supervisor_events as events
from ivr.handlers.turn import Turn


class Supervisors:
    """Facts about supervisors with calls."""

    def __init__(self, control: TalkControl) -> None:
        """`control` lets the agent go as soon as a supervisor who takes over is in the talk."""
        self._control = control

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.SupervisorHeard: self._heard,
            events.SupervisorJoined: self._joined,
            events.SupervisorLeft: self._left,
            events.SupervisorNotReached: self._not_reached,
        }

    def _heard(self, turn: Turn, event: events.SupervisorHeard) -> None:
        heard(turn.context, event.uniqueid, event.how, event.by_itself)

    def _joined(self, turn: Turn, event: events.SupervisorJoined) -> None:
        joined(turn.context, self._control, event.uniqueid)

    def _left(self, turn: Turn, event: events.SupervisorLeft) -> None:
        left(turn.context, event.uniqueid)
        turn.later(partial(settle, turn.context, event.uniqueid))

    def _not_reached(self, turn: Turn, event: events.SupervisorNotReached) -> None:
        not_answered(turn.context, event.session_id)
