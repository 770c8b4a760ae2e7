"""Addresses that try passwords: counted, banned for a while, and an alarm raised for somebody to look at.

Guessing a password of 128 bits is hopeless either way, but costs time of the machine.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from hotline.line_security.service import bad_registrations
from ivr.ami.security_events import Refused
from ivr.handlers.turn import Turn

WINDOW = timedelta(minutes=10)
MOST_ADDRESSES = 10_000
"""A flood from forged addresses must not fill the memory: the quietest are forgotten."""

_log = structlog.get_logger(__name__)


class Intruders:
    """Counts refusals an address within the last ten minutes."""

    def __init__(self, most: int, ban: Callable[[str], bool]) -> None:
        """`most` refusals of one address raise an alarm, and the next `most` raise it again. `ban` refuses it
        from then on, or returns False where that would hit our own."""
        self._most = most
        self._ban = ban
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()

    def handles(self) -> Mapping[type, Callable[[Turn, Any], None]]:
        """See `Handles`."""
        return {Refused: self._refused}

    def _refused(self, turn: Turn, event: Refused) -> None:
        now = turn.context.now()
        tries = self._tries.setdefault(event.address, deque(maxlen=self._most))
        self._tries.move_to_end(event.address)
        tries.append(now)
        if len(self._tries) > MOST_ADDRESSES:
            self._tries.popitem(last=False)
        if len(tries) == self._most and tries[0] > now - WINDOW:
            banned = self._ban(event.address)
            bad_registrations(turn.context, event.address, self._most)
            tries.clear()
            _log.warning("line.bad_registrations", address=event.address, times=self._most, banned=banned)
