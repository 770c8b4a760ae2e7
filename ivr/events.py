"""The one consumer of what Asterisk tells: each event, in its order, becomes a fact of the core."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import NoResultFound, OperationalError

from hotline.calls.ports import TelephoneAway
from hotline.calls.seats import UnknownSeat
from hotline.context import Context
from ivr.ami.client import AmiLost, AmiRefused, AmiTimeout, Packet
from ivr.ami.events import read_event
from ivr.ami.feed import Feed, Resync
from ivr.handlers.turn import Handles, Turn
from ivr.moment import context_at

PARKED = "parked-events.jsonl"
GRACE_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
_TURN_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Consumer:
    """Takes events from the feed until stopped.

    While the database is away it waits with the event in its hand (the feed is bounded and asks for a resync
    when it overflows). An event that fails otherwise is parked in `<state_dir>/parked-events.jsonl`.
    """

    def __init__(
        self,
        context: Context,
        feed: Feed,
        handlers: Iterable[Handles],
        resync: Callable[[], None],
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        """`handlers` know what to do with which events; `resync` fetches Asterisk's whole state.

        `grace_seconds` is how long what a handler puts off is put off.
        """
        self._context = context
        self._feed = feed
        self._resync = resync
        self._grace_seconds = grace_seconds
        self._later: list[tuple[float, object, Callable[[], object]]] = []
        self._acts: dict[type, list[Callable[[Turn, Any], None]]] = defaultdict(list)
        for handler in handlers:
            for kind, act in handler.handles().items():
                self._acts[kind].append(act)

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
        for act in self._acts.get(type(event), ()):
            then = context_at(self._context, item.at) if item.at else self._context
            turn = Turn(then, partial(self._after_grace, event))
            self._insist(partial(act, turn, event), event, stop)

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
        except (OperationalError, AmiTimeout, AmiRefused, TelephoneAway) as error:
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

    def _after_grace(self, event: object, act: Callable[[], object]) -> None:
        self._later.append((time.monotonic() + self._grace_seconds, event, act))

    def _act_on_what_is_due(self, stop: threading.Event) -> None:
        now = time.monotonic()
        due = [(event, act) for at, event, act in self._later if at <= now]
        self._later = [entry for entry in self._later if entry[0] > now]
        for event, act in due:
            self._insist(act, event, stop)
