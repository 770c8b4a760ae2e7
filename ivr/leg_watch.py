"""Finds out at once that an agent's leg is dead, instead of waiting for the PBX to miss its audio.

A browser that is closed or refreshed takes its registration with it. That alone proves nothing: the
signalling line may come back while the audio, which goes another way, never stopped. So the audio is looked
at, several times.

And a browser may answer although its audio finds no way (a firewall, ICE that failed): the PBX, which misses
only what it has heard once, would leave agent and citizen in silence.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress

import structlog

from ivr.ami.client import AmiError, AmiRefused
from ivr.ami.link import Asks
from ivr.ami.lists import listed_channels

LOOK_SECONDS = 1.0
"""Between two looks. Telephones send 50 packets in it, and one at least when they save on silence."""
LOOKS = 3
"""A registration may go a moment before the audio stops; what is heard for so long is alive."""
HEARD_WITHIN_SECONDS = 5.0
"""Of the answer: the audio takes its way in less than a second, on a busy machine too, or not at all."""
BROKEN_CAUSE = "27"
"""Q.850: destination out of order. The dialplan takes every cause but 16 for a break."""
UNHEARD_CAUSE = "58"
"""Q.850: bearer capability not presently available. A break that may happen once in a call."""
_UP = "6"
_RECEIVED = "CHANNEL(rtcp,rxcount)"
_TURN_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class LegWatch:
    """Looks at legs whose telephone's registration went, and at new ones, in a thread of its own."""

    def __init__(
        self,
        asterisk: Asks,
        look_seconds: float = LOOK_SECONDS,
        heard_within_seconds: float = HEARD_WITHIN_SECONDS,
    ) -> None:
        self._asterisk = asterisk
        self._look_seconds = look_seconds
        self._heard_within_seconds = heard_within_seconds
        self._doubtful: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._answered: deque[tuple[float, str]] = deque()

    def doubt(self, endpoint: str) -> None:
        """This telephone may be gone. Returns at once."""
        self._doubtful.put(endpoint)

    def answered(self, channel: str) -> None:
        """This leg has begun, and has to be heard soon. Returns at once."""
        self._answered.append((time.monotonic() + self._heard_within_seconds, channel))

    def run(self, stop: threading.Event) -> None:
        """Look at what is doubted, and at who has answered, until `stop`."""
        while not stop.is_set():
            doubted = self._doubted()
            try:
                if doubted:
                    self._look(doubted, stop)
                self._look_for_unheard()
            except AmiError as error:
                # The PBX itself notices a leg that falls silent, some seconds later.
                _log.warning("leg_watch.not_seen", error=type(error).__name__)

    def _doubted(self) -> set[str]:
        """Waits a moment for the first."""
        endpoints = set()
        with suppress(queue.Empty):
            endpoints.add(self._doubtful.get(timeout=_TURN_SECONDS))
            while True:
                endpoints.add(self._doubtful.get_nowait())
        return endpoints

    def _look(self, endpoints: set[str], stop: threading.Event) -> None:
        """End those legs that received nothing between two looks; look at the others once more."""
        doubtful = self._received(self._legs(endpoints))
        for _ in range(LOOKS):
            if not doubtful or stop.wait(self._look_seconds):
                return
            now = self._received(doubtful)
            for channel in (channel for channel in now if now[channel] <= doubtful[channel]):
                _log.info("leg_watch.broken", channel=channel)
                self._end(channel, BROKEN_CAUSE)
            doubtful = {channel: count for channel, count in now.items() if count > doubtful[channel]}

    def _look_for_unheard(self) -> None:
        """End those legs that have not received anything since they were answered."""
        due = []
        while self._answered and self._answered[0][0] <= time.monotonic():
            due.append(self._answered.popleft()[1])
        for channel in (channel for channel, count in self._received(due).items() if count == 0):
            _log.warning("leg_watch.unheard", channel=channel)
            self._end(channel, UNHEARD_CAUSE)

    def _legs(self, endpoints: set[str]) -> Mapping[str, int]:
        names = [
            channel.get("Channel")
            for channel in listed_channels(self._asterisk)
            if channel.get("ChannelState") == _UP
        ]
        return {name: 0 for name in names if name.removeprefix("PJSIP/").rpartition("-")[0] in endpoints}

    def _received(self, channels: Iterable[str]) -> dict[str, int]:
        """Packets of audio that came from each of these legs so far; without those that have gone, and those
        of which Asterisk does not say: that proves nothing."""
        counts = {}
        for channel in channels:
            try:
                answer = self._asterisk.ask("Getvar", {"Channel": channel, "Variable": _RECEIVED})
            except AmiRefused:
                continue
            if (value := answer.get("Value")).isdecimal():
                counts[channel] = int(value)
        return counts

    def _end(self, channel: str, cause: str) -> None:
        try:
            self._asterisk.ask("Hangup", {"Channel": channel, "Cause": cause})
        except AmiRefused:
            _log.info("leg_watch.gone_already", channel=channel)
