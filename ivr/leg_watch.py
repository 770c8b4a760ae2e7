"""Finds out at once that an agent's leg is dead, instead of waiting for the PBX to miss its audio.

A browser that is closed or refreshed takes its registration with it. That alone proves nothing: the
signalling line may come back while the audio, which goes another way, never stopped. So the audio is looked
at, several times.
"""

import queue
import threading
from collections.abc import Mapping

import structlog

from ivr.ami.client import AmiError, AmiRefused
from ivr.ami.link import Asks
from ivr.ami.lists import listed_channels

LOOK_SECONDS = 1.0
"""Between two looks. Telephones send 50 packets in it, and one at least when they save on silence."""
LOOKS = 3
"""A registration may go a moment before the audio stops; what is heard for so long is alive."""
BROKEN_CAUSE = "27"
"""Q.850: destination out of order. The dialplan takes every cause but 16 for a break."""
_UP = "6"
_RECEIVED = "CHANNEL(rtcp,rxcount)"
_TURN_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class LegWatch:
    """Looks at the legs of telephones whose registration went, in a thread of its own."""

    def __init__(self, asterisk: Asks, look_seconds: float = LOOK_SECONDS) -> None:
        self._asterisk = asterisk
        self._look_seconds = look_seconds
        self._doubtful: queue.SimpleQueue[str] = queue.SimpleQueue()

    def doubt(self, endpoint: str) -> None:
        """This telephone may be gone. Returns at once."""
        self._doubtful.put(endpoint)

    def run(self, stop: threading.Event) -> None:
        """Look at what is doubted until `stop`."""
        while not stop.is_set():
            try:
                endpoints = {self._doubtful.get(timeout=_TURN_SECONDS)}
            except queue.Empty:
                continue
            while not self._doubtful.empty():
                endpoints.add(self._doubtful.get())
            try:
                self._look(endpoints, stop)
            except AmiError as error:
                # The PBX itself notices a silent leg, some seconds later.
                _log.warning("leg_watch.not_seen", error=type(error).__name__)

    def _look(self, endpoints: set[str], stop: threading.Event) -> None:
        """End those legs that received nothing between two looks; look at the others once more."""
        doubtful = self._received(self._legs(endpoints))
        for _ in range(LOOKS):
            if not doubtful or stop.wait(self._look_seconds):
                return
            now = self._received(doubtful)
            for channel in (channel for channel in now if now[channel] <= doubtful[channel]):
                _log.info("leg_watch.broken", channel=channel)
                self._end(channel)
            doubtful = {channel: count for channel, count in now.items() if count > doubtful[channel]}

    def _legs(self, endpoints: set[str]) -> Mapping[str, int]:
        names = [
            channel.get("Channel")
            for channel in listed_channels(self._asterisk)
            if channel.get("ChannelState") == _UP
        ]
        return {name: 0 for name in names if name.removeprefix("PJSIP/").rpartition("-")[0] in endpoints}

    def _received(self, channels: Mapping[str, int]) -> dict[str, int]:
        """Packets of audio that came from each of these legs so far; without those that have gone."""
        counts = {}
        for channel in channels:
            try:
                answer = self._asterisk.ask("Getvar", {"Channel": channel, "Variable": _RECEIVED})
            except AmiRefused:
                continue
            value = answer.get("Value")
            counts[channel] = int(value) if value.isdecimal() else 0
        return counts

    def _end(self, channel: str) -> None:
        try:
            self._asterisk.ask("Hangup", {"Channel": channel, "Cause": BROKEN_CAUSE})
        except AmiRefused:
            _log.info("leg_watch.gone_already", channel=channel)
