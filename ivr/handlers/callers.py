"""Callers in the queue, the agents who answer them, and how a call ends."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from hotline.calls.broken import waits_again
from hotline.calls.models import CallEnd
from hotline.calls.ports import SeatControl, TelephoneAway
from hotline.calls.reachability import keep_for_wrap_up
from hotline.calls.service import (
    call_answered,
    call_ended,
    call_not_answered,
    call_queued,
    call_ringing,
    leg_ended,
    leg_started,
    open_call,
)
from hotline.queueing.service import joined_line
from ivr.ami import events
from ivr.ami.supervisor_events import SupervisorLeft
from ivr.handlers.turn import Turn
from ivr.moment import began_at

_log = structlog.get_logger(__name__)


class Callers:
    """Facts about citizens' calls."""

    def __init__(self, on_call_over: Callable[[], None], control: SeatControl) -> None:
        """`on_call_over` says that a call can be settled."""
        self._on_call_over = on_call_over
        self._control = control
        self._known_ends: dict[str, CallEnd] = {}

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {
            events.CallerJoined: self._joined,
            events.AgentCalled: self._agent_called,
            events.SeatRung: self._seat_rung,
            events.AgentConnected: self._agent_connected,
            events.RingNoAnswer: self._ring_no_answer,
            events.CallFinished: self._finished,
            events.ChannelHungUp: self._hung_up,
            SupervisorLeft: self._supervisor_left,
        }

    def _joined(self, turn: Turn, event: events.CallerJoined) -> None:
        """Intake has opened the call; where it could not, the ticket is there before the agent is."""
        dialled = turn.context.settings.hotline_number
        open_call(turn.context, event.linkedid, event.number or None, dialled, began_at(event.linkedid))
        leg_started(turn.context, event.linkedid, event.uniqueid, event.channel)
        joined_line(turn.context, event.linkedid, event.queue)
        call_queued(turn.context, event.linkedid)
        waits_again(turn.context, event.linkedid)

    def _agent_called(self, turn: Turn, event: events.AgentCalled) -> None:
        call_ringing(turn.context, event.linkedid, event.extension)

    def _seat_rung(self, turn: Turn, event: events.SeatRung) -> None:
        call_ringing(turn.context, event.linkedid, event.extension, by_queue=False)

    def _agent_connected(self, turn: Turn, event: events.AgentConnected) -> None:
        call_answered(turn.context, event.linkedid, event.extension, event.uniqueid, event.channel)
        try:
            keep_for_wrap_up(turn.context, self._control, event.extension)
        except TelephoneAway:
            _log.warning("callers.no_wrap_up", extension=event.extension)

    def _ring_no_answer(self, turn: Turn, event: events.RingNoAnswer) -> None:
        call_not_answered(turn.context, event.linkedid, event.extension)

    def _finished(self, turn: Turn, event: events.CallFinished) -> None:
        if event.cut_off:
            self._known_ends[event.linkedid] = CallEnd.CUT_OFF
        elif event.callback_owed and not event.answered:
            self._known_ends[event.linkedid] = CallEnd.UNANSWERED

    def _supervisor_left(self, turn: Turn, event: SupervisorLeft) -> None:
        """One who had taken the call over goes into wrap-up."""
        leg_ended(turn.context, event.uniqueid)

    def _hung_up(self, turn: Turn, event: events.ChannelHungUp) -> None:
        leg_ended(turn.context, event.uniqueid)
        if event.is_the_callers:
            call_ended(turn.context, event.linkedid, self._known_ends.get(event.linkedid))
            self._known_ends.pop(event.linkedid, None)
            self._on_call_over()
