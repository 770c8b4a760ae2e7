"""What people say just now, as `hotline live` tells it: kept in memory while somebody's page shows it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from hotline.config import Settings
from hotline.live_text.rules import CallText
from hotline.live_text.wire import CallNews, Health, Turn, key_of, read

AWAY = "away"
"""How the text of a call stands while nobody tells."""
REMEMBERED_TURNS = 80
REMEMBERED_CALLS = 300
"""That are over."""
OPEN_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.3
LONGEST_PAUSE_SECONDS = 5.0
_TURN_SECONDS = 1.0
_LARGEST_MESSAGE = 1024 * 1024

log = structlog.get_logger(__name__)


@dataclass
class _Page:
    """What is known of one call."""

    state: CallText
    source: int
    turns: OrderedDict[str, tuple[int, Turn]] = field(default_factory=OrderedDict)
    is_over: bool = False


@dataclass(frozen=True)
class News:
    """What a page has not shown yet. `state` is a `CallText` or `AWAY`."""

    state: str
    turns: Sequence[Turn]


class LiveTextAway(Exception):
    """`hotline live` of this machine does not answer; the text says how."""


def health_of(settings: Settings) -> Health:
    """How `hotline live` of this machine does. Raises `LiveTextAway`."""
    try:
        with _connected(settings, f"ws://{settings.live_address}:{settings.live_port}/") as live:
            told = read(str(live.recv(timeout=OPEN_SECONDS)))
    except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, ValueError) as error:
        raise LiveTextAway(type(error).__name__) from None
    if not isinstance(told, Health):
        raise LiveTextAway("an odd answer")
    return told


def _connected(settings: Settings, url: str) -> ClientConnection:
    return connect(
        url,
        additional_headers={"Authorization": f"Bearer {key_of(settings)}"},
        open_timeout=OPEN_SECONDS,
        close_timeout=OPEN_SECONDS,
        compression=None,
        max_size=_LARGEST_MESSAGE,
        proxy=None,
    )


class Follower:
    """Follows every `hotline live` for all pages of this process; its threads live while a page watches."""

    def __init__(self, settings: Settings) -> None:
        self._urls = addresses(settings)
        self._settings = settings
        self._lock = threading.Lock()
        self._pages: dict[int, _Page] = {}
        self._connected: set[int] = set()
        self._bells: dict[threading.Event, int] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._count = 0
        self.health: dict[int, Health] = {}

    def watch(self, call_id: int, bell: threading.Event) -> "Watch":
        """A page shows this call from now on; `bell` is set when there is news."""
        with self._lock:
            self._bells[bell] = call_id
            for number in range(len(self._urls)):
                if number not in self._threads:
                    thread = threading.Thread(
                        target=self._follow, args=(number,), name="live-text", daemon=True
                    )
                    self._threads[number] = thread
                    thread.start()
        return Watch(self, call_id, bell)

    def leave(self, bell: threading.Event) -> None:
        """The page shows it no more."""
        with self._lock:
            self._bells.pop(bell, None)

    def news(self, call_id: int, since: int) -> tuple[str, list[Turn], int]:
        """How the call stands, the turns that changed after `since`, and where that leads to."""
        with self._lock:
            page = self._pages.get(call_id)
            if page is None:
                state = CallText.STARTING if len(self._connected) == len(self._urls) else AWAY
                return state, [], self._count
            turns = [turn for at, turn in page.turns.values() if at > since]
            return page.state if page.source in self._connected else AWAY, turns, self._count

    def _follow(self, source: int) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._is_wanted(source):
            try:
                self._listen(source)
                pause = FIRST_PAUSE_SECONDS
            except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, ValueError) as error:
                log.warning("live_text.away", error=type(error).__name__)
            self._lose(source)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _is_wanted(self, source: int) -> bool:
        """False, and the thread is to end, once no page watches."""
        with self._lock:
            if self._bells:
                return True
            del self._threads[source]
            self._pages = {id_: page for id_, page in self._pages.items() if page.source != source}
            return False

    def _listen(self, source: int) -> None:
        with _connected(self._settings, self._urls[source]) as live:
            self._find(source)
            while self._bells:
                try:
                    message = str(live.recv(timeout=_TURN_SECONDS))
                except TimeoutError:
                    continue
                self._take(source, read(message))

    def _take(self, source: int, told: CallNews | Health) -> None:
        with self._lock:
            if isinstance(told, Health):
                self.health[source] = told
                return
            if told.over:
                self._close(told.call_id)
                return
            self._count += 1
            page = self._pages.setdefault(told.call_id, _Page(told.state, source))
            page.state, page.source = told.state, source
            for turn in told.turns:
                page.turns.pop(turn.key, None)
                page.turns[turn.key] = (self._count, turn)
            while len(page.turns) > REMEMBERED_TURNS:
                page.turns.popitem(last=False)
            self._ring(told.call_id)

    def _close(self, call_id: int) -> None:
        """The page stays while its agent writes up what was said; the oldest go."""
        if page := self._pages.pop(call_id, None):
            page.state, page.is_over = CallText.LISTENING, True
            self._pages[call_id] = page
        over = [one for one, page in self._pages.items() if page.is_over]
        for one in over[: max(0, len(over) - REMEMBERED_CALLS)]:
            del self._pages[one]

    def _find(self, source: int) -> None:
        with self._lock:
            self._connected.add(source)
            self._ring()

    def _lose(self, source: int) -> None:
        with self._lock:
            self._connected.discard(source)
            self.health.pop(source, None)
            self._ring()

    def _ring(self, call_id: int | None = None) -> None:
        for bell, watched in self._bells.items():
            if call_id in (None, watched):
                bell.set()


class Watch:
    """One page that shows one call."""

    def __init__(self, follower: Follower, call_id: int, bell: threading.Event) -> None:
        """Made by `Follower.watch`."""
        self._follower, self._bell = follower, bell
        self.call_id = call_id
        self._since = 0
        self._state = ""

    def news(self) -> News | None:
        """What the page has not shown yet; None if that is nothing."""
        state, turns, self._since = self._follower.news(self.call_id, self._since)
        if not turns and state == self._state:
            return None
        self._state = state
        return News(state, turns)

    def end(self) -> None:
        """The page shows it no more."""
        self._follower.leave(self._bell)


def addresses(settings: Settings) -> Mapping[int, str]:
    """Where each machine's `hotline live` is asked."""
    port = settings.live_port
    hosts = [pbx.host for pbx in settings.pbxs] or [settings.live_address]
    return dict(enumerate(f"ws://{host}:{port}/" for host in hosts))
