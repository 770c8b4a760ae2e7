"""Between the reader of AMI and its one consumer: first in, first out, bounded, never silently lossy."""

import threading
from collections import deque
from dataclasses import dataclass

from ivr.ami.client import Packet

CAPACITY = 50_000


@dataclass(frozen=True)
class Resync:
    """Facts may be missing here: ask Asterisk for its whole state before going on."""

    reason: str


class Feed:
    """After the first packet that finds no room nothing is taken until the rest is drained.

    Then the consumer gets a `Resync` in the place of the gap, so that what follows is in order again.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._items: deque[Packet | Resync] = deque()
        self._changed = threading.Condition()
        self._gap = False
        self._lost = 0

    @property
    def lost(self) -> int:
        """How many packets found no room since the start."""
        with self._changed:
            return self._lost

    def put(self, packet: Packet) -> None:
        """Add a packet, or count it as lost. Never blocks."""
        with self._changed:
            if self._gap or len(self._items) >= self._capacity:
                self._gap = True
                self._lost += 1
            else:
                self._items.append(packet)
            self._changed.notify()

    def ask_resync(self, reason: str) -> None:
        """Put a `Resync` behind what is waiting; it always finds room."""
        with self._changed:
            self._items.append(Resync(reason))
            self._changed.notify()

    def take(self, seconds: float) -> Packet | Resync | None:
        """The next item, or None if nothing came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._gap, seconds)
            if self._items:
                return self._items.popleft()
            if self._gap:
                self._gap = False
                return Resync("overflow")
            return None
