"""The one consumer of what Asterisk tells: each event, in its order, becomes a fact of the core."""

import json
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import NoResultFound, OperationalError

from hotline.calls.models import CallEnd
from hotline.calls.service import (
    UnknownSeat,
    call_answered,
    call_ended,
    call_not_answered,
    call_queued,
    call_ringing,
    leg_ended,
    leg_started,
    open_call,
)
from hotline.context import Context
from hotline.follow_up.models import AttemptOutcome
from hotline.follow_up.service import attempt_ended, channel_ended
from ivr.ami import events
from ivr.ami.client import AmiLost, AmiRefused, AmiTimeout, Packet
from ivr.ami.events import read_event
from ivr.ami.feed import Feed, Resync
from ivr.moment import context_at
from ivr.seats import Seats

PARKED = "parked-events.jsonl"
GRACE_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
_TURN_SECONDS = 0.5

_log = structlog.get_logger(__name__)
# Q.850 causes of a follow-up that nobody answered. A number that does not exist counts as a try, too:
# dialling it again will not reach the citizen. What is not named here is our own or the network's failure.
_BUSY = 17
_NOBODY = frozenset({1, 18, 19, 20, 21, 22, 28})


class Consumer:
    """Takes events from the feed until stopped.

    While the database is away it waits with the event in its hand (the feed is bounded and asks for a resync
    when it overflows). An event that fails otherwise is parked in `<state_dir>/parked-events.jsonl`.
    """

    def __init__(
        self,
        context: Context,
        feed: Feed,
        seats: Seats,
        resync: Callable[[], None],
        on_call_over: Callable[[], None],
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """`resync` fetches Asterisk's whole state; `on_call_over` says that a call can be settled.

        `grace_seconds` is how long the script of a follow-up has to record what was answered.
        """
        self._context = self._then = context
        self._feed = feed
        self._resync = resync
        self._on_call_over = on_call_over
        self._callback_owed: set[str] = set()
        self._grace_seconds = grace_seconds
        self._later: list[tuple[float, object, Callable[[], object]]] = []
        self._handlers: dict[type, Callable[[Any], None]] = {
            events.CallerJoined: self._caller_joined,
            events.AgentCalled: self._agent_called,
            events.AgentConnected: self._agent_connected,
            events.RingNoAnswer: self._ring_no_answer,
            events.MemberChanged: seats.member_changed,
            events.ContactChanged: seats.contact_changed,
            events.ChannelHungUp: self._channel_hung_up,
            events.CallFinished: self._call_finished,
            events.FollowUpNotReached: self._follow_up_not_reached,
        }

    def run(self, stop: threading.Event) -> None:
        """Consume until `stop`."""
        while not stop.is_set():
            item = self._feed.take(_TURN_SECONDS)
            if item is not None:
                self.consume(item, stop)
            self._act_on_what_is_due(stop)

    def consume(self, item: Packet | Resync, stop: threading.Event) -> None:
        """Act on one item of the feed; nothing but `stop` ends the attempt while the database is away."""
        if isinstance(item, Resync):
            _log.info("events.resync", reason=item.reason, lost=self._feed.lost)
            self._insist(self._resync, item, stop)
            return
        event = read_event(item)
        handler = self._handlers.get(type(event))
        if handler is not None:
            self._then = context_at(self._context, item.at) if item.at else self._context
            self._insist(partial(handler, event), event, stop)

    def _insist(self, act: Callable[[], object], subject: object, stop: threading.Event) -> None:
        """Act, again and again while what is missing may come back."""
        pause = FIRST_PAUSE_SECONDS
        while not stop.is_set() and not self._acted(act, subject, pause):
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _acted(self, act: Callable[[], object], subject: object, pause: float) -> bool:
        """False if it is worth another try."""
        try:
            act()
        except (OperationalError, AmiTimeout, AmiRefused) as error:
            _log.error("events.put_off", error=type(error).__name__, again_in_seconds=pause)
            return False
        except AmiLost:
            _log.warning("events.asterisk_away")  # the next login brings another resync
        except (UnknownSeat, NoResultFound) as error:
            _log.warning("events.about_nobody", kind=type(subject).__name__, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  one odd event must not end the consumer
            self._park(subject, error)
        return True

    def _park(self, subject: object, error: Exception) -> None:
        """Keep what could not be acted on where people find it. Reprs of events hold no number."""
        _log.error("events.parked", kind=type(subject).__name__, error=type(error).__name__)
        line = {"at": self._context.now().isoformat(), "event": repr(subject), "error": type(error).__name__}
        try:
            with (self._context.settings.state_dir / PARKED).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as full:
            _log.error("events.not_even_parked", error=type(full).__name__)

    def _caller_joined(self, event: events.CallerJoined) -> None:
        """Intake has opened the call; where it could not, the ticket is there before the agent is."""
        dialled = self._context.settings.hotline_number
        open_call(self._then, event.linkedid, event.number or None, dialled)
        leg_started(self._then, event.linkedid, event.uniqueid, event.channel)
        call_queued(self._then, event.linkedid)

    def _agent_called(self, event: events.AgentCalled) -> None:
        call_ringing(self._then, event.linkedid, event.extension)

    def _agent_connected(self, event: events.AgentConnected) -> None:
        call_answered(self._then, event.linkedid, event.extension, event.uniqueid, event.channel)

    def _ring_no_answer(self, event: events.RingNoAnswer) -> None:
        call_not_answered(self._then, event.linkedid, event.extension)

    def _call_finished(self, event: events.CallFinished) -> None:
        if event.callback_owed and not event.answered:
            self._callback_owed.add(event.linkedid)

    def _channel_hung_up(self, event: events.ChannelHungUp) -> None:
        if event.is_a_follow_up:
            self._follow_up_hung_up(event)
            return
        leg_ended(self._then, event.uniqueid)
        if event.is_the_callers:
            end = CallEnd.UNANSWERED if event.linkedid in self._callback_owed else None
            call_ended(self._then, event.linkedid, end)
            self._callback_owed.discard(event.linkedid)
            self._on_call_over()

    def _follow_up_hung_up(self, event: events.ChannelHungUp) -> None:
        """An answered one is the script's to report; only if it could not, the try ends without answers."""
        end = partial(channel_ended, self._then, event.uniqueid)
        if event.answered:
            self._after_grace(event, partial(end, AttemptOutcome.SILENT))
        else:
            end(_outcome(event.cause))

    def _follow_up_not_reached(self, event: events.FollowUpNotReached) -> None:
        """The channel's end, which says why, comes a moment later; if there was no channel, this is all."""
        end = partial(attempt_ended, self._then, event.attempt_id, AttemptOutcome.FAILED)
        self._after_grace(event, end)

    def _after_grace(self, event: object, act: Callable[[], object]) -> None:
        self._later.append((time.monotonic() + self._grace_seconds, event, act))

    def _act_on_what_is_due(self, stop: threading.Event) -> None:
        now = time.monotonic()
        due = [(event, act) for at, event, act in self._later if at <= now]
        self._later = [entry for entry in self._later if entry[0] > now]
        for event, act in due:
            self._insist(act, event, stop)


def _outcome(cause: int) -> AttemptOutcome:
    if cause == _BUSY:
        return AttemptOutcome.BUSY
    return AttemptOutcome.NO_ANSWER if cause in _NOBODY else AttemptOutcome.FAILED
