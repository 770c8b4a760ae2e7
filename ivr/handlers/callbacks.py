"""Callbacks that we owe: what came of each."""

from collections.abc import Callable, Mapping
from typing import Any

from hotline.callbacks.models import CallbackOutcome
from hotline.callbacks.service import tried
from ivr.ami import line_events
from ivr.handlers.turn import Turn

# DIALSTATUS. A try that the agent broke off, or that the network refused, counts as one that failed.
_OUTCOMES = {
    "ANSWER": CallbackOutcome.ANSWERED,
    "BUSY": CallbackOutcome.BUSY,
    "NOANSWER": CallbackOutcome.NO_ANSWER,
    "NOAGENT": CallbackOutcome.NO_AGENT,
}


class Callbacks:
    """Facts about callbacks in their turn."""

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {line_events.CallbackTried: self._tried}

    def _tried(self, turn: Turn, event: line_events.CallbackTried) -> None:
        tried(turn.context, event.linkedid, _OUTCOMES.get(event.status, CallbackOutcome.FAILED))
