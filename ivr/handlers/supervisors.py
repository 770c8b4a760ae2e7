"""Supervisors' legs. None of them answers a call, and none of them changes what the queue counts."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hotline.calls.ports import CallControl, Supervising
from hotline.monitoring.service import (
    heard,
    joined,
    keep_unrecorded,
    left,
    not_answered,
    recording_paused,
    settle,
    taken_over,
)
from ivr.ami import supervisor_events as events
from ivr.ami.talk_events import LegNotRecorded
from ivr.handlers.turn import Turn


class Supervisors:
    """Facts about supervisors with calls. What a call that was taken over is told of is told to `Talks`."""

    def __init__(self, control: CallControl) -> None:
        """`control` makes the call theirs as soon as a supervisor who takes over is in the talk."""
        self._control = control

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.SupervisorHeard: self._heard,
            events.SupervisorJoined: self._joined,
            events.CallTakenOver: self._taken_over,
            events.SupervisorLeft: self._left,
            events.SupervisorNotReached: self._not_reached,
            LegNotRecorded: self._not_recorded,
        }

    def _heard(self, turn: Turn, event: events.SupervisorHeard) -> None:
        heard(turn.context, event.uniqueid, event.how, event.by_itself)
        if event.how is Supervising.JOIN:
            keep_unrecorded(turn.context, self._control, event.uniqueid)

    def _joined(self, turn: Turn, event: events.SupervisorJoined) -> None:
        joined(turn.context, self._control, event.uniqueid)

    def _taken_over(self, turn: Turn, event: events.CallTakenOver) -> None:
        taken_over(turn.context, event.uniqueid)

    def _not_recorded(self, turn: Turn, event: LegNotRecorded) -> None:
        recording_paused(turn.context, self._control, event.uniqueid, event.on)

    def _left(self, turn: Turn, event: events.SupervisorLeft) -> None:
        left(turn.context, event.uniqueid)
        turn.later(partial(settle, turn.context, event.uniqueid))

    def _not_reached(self, turn: Turn, event: events.SupervisorNotReached) -> None:
        not_answered(turn.context, event.session_id)
