"""The headset: what it does with its line, its sound and its keys, and how it recovers by itself.

One thread (`run`) keeps sound and line; the line's thread hears the exchange; a third carries orders to the
console, in their order, so that neither sound nor exchange ever waits for it.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final

from ivr.headset.audio import FLOOR_DB, SILENCE, Playout, level_db, ring
from ivr.headset.line import CALLED, OVER, RINGS, Line, LineGone
from ivr.headset.site import Refused, SignedOut, Site, SiteAway
from ivr.headset.sound import Sound, SoundError

_WATCH_SECONDS = 0.25
_LOOK_SECONDS = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0
_FIRST_SOUND_SECONDS = 5.0
_METER_FALLS_DB = 1.5
"""The meter shows peaks: it rises at once and falls by this much every 20 ms."""

OpenSound = Callable[[Callable[[bytes], None], Callable[[], bytes]], AbstractContextManager[Sound]]
"""Given what takes frames and what gives them: a sound card at work."""


class Phase(StrEnum):
    """What the headset is doing."""

    CONNECTING = "connecting"  # no line: nobody is offered to it
    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True)
class Standing:
    """What the agent is shown. `trouble` is a word for what is wrong just now, or empty; `device` is the
    sound device that it is about, if that was named."""

    phase: Phase = Phase.CONNECTING
    muted: bool = False
    trouble: str = ""
    device: str = ""


@dataclass(frozen=True)
class SeatSeen:
    """What the console said last of the agent's seat: `words` in the agent's language, empty while it is not
    known, and `since` when, by the monotonic clock (seconds)."""

    words: str = ""
    since: float = 0.0


UNKNOWN: Final = SeatSeen()


class Headset:
    """One agent's headset, signed in at `site`."""

    def __init__(
        self,
        site: Site,
        open_sound: OpenSound,
        tell: Callable[[Standing], None],
        answers_by_itself: bool = False,
        begins_ready: bool = False,
    ) -> None:
        """`tell` hears every change of standing, on any thread, and must not wait. `begins_ready`: the seat
        is made ready as soon as there is a line."""
        self._site, self._open_sound, self._tell = site, open_sound, tell
        self._answers_by_itself, self._begins_ready = answers_by_itself, begins_ready
        self._standing, self._seat = Standing(), UNKNOWN
        self._looks_at = 0.0
        self._changing = threading.RLock()
        self._playout, self._ring = Playout(), ring()
        self._orders: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._line: Line | None = None
        self._sounds = threading.Event()
        self._meter_db = FLOOR_DB

    @property
    def standing(self) -> Standing:
        """As it is now."""
        return self._standing

    @property
    def seat(self) -> SeatSeen:
        """The agent's seat, a few seconds ago: others change it, too."""
        return self._seat

    @property
    def meter_db(self) -> float:
        """How loud the microphone is, in dB below full scale; also while nobody hears it."""
        return self._meter_db

    def run(self, stop: threading.Event) -> None:
        """Hold a line until `stop`; come back by itself after whatever fails. Raises `SignedOut`, after
        which only the agent's password helps."""
        worker = threading.Thread(target=self._carry_orders, name="orders", daemon=True)
        worker.start()
        pause = _FIRST_PAUSE
        try:
            while not stop.is_set():
                held = self._hold_line(stop)
                pause = _FIRST_PAUSE if held else min(2 * pause, _LONGEST_PAUSE)
                stop.wait(pause)
        finally:
            self._orders.put(None)
            worker.join()

    def answer(self) -> None:
        """Take the call that rings."""
        if self._standing.phase is Phase.RINGING:
            self._orders.put(self._answer)

    def hang_up(self) -> None:
        """End the call, or refuse it while it rings."""
        if self._standing.phase in (Phase.RINGING, Phase.TALKING):
            self._orders.put(lambda: self._ask("/call/hang-up"))

    def toggle_mute(self) -> None:
        """Whether the other side hears the microphone."""
        with self._changing:
            self._show(muted=not self._standing.muted)

    def set_seat(self, state: str) -> None:
        """`ready`, `pause` or `off`: as the buttons of the desk."""
        self._orders.put(lambda: self._ask(f"/seat/{state}"))
        self._orders.put(self._look)

    def wait_orders(self) -> None:
        """Return once every order so far has been carried out."""
        done = threading.Event()
        self._orders.put(done.set)
        done.wait(10)

    def _hold_line(self, stop: threading.Event) -> bool:
        """One life of sound and line. True if there was a line."""
        try:
            with self._open_sound(self._heard, self._next_frame) as sound:
                media = self._site.open_line()
                self._sounds.clear()
                with Line(media, self._from_line, self._on_key) as line:
                    if not self._sounds.wait(_FIRST_SOUND_SECONDS):
                        raise LineGone("no sound")
                    self._begin(line)
                    while not stop.is_set() and sound.is_alive and not line.wait_gone(_WATCH_SECONDS):
                        self._look_now_and_then()
                    self._enter(Phase.CONNECTING, "" if sound.is_alive else "device_gone")
                    return True
        except SignedOut:
            raise
        except SoundError as error:
            self._enter(Phase.CONNECTING, error.word, error.device)
        except Refused as refusal:
            self._enter(Phase.CONNECTING, refusal.word)
        except SiteAway:
            self._enter(Phase.CONNECTING, "site_away")
        except LineGone:
            self._enter(Phase.CONNECTING, "telephone_away")
        finally:
            self._line, self._seat = None, UNKNOWN
        return False

    def _begin(self, line: Line) -> None:
        self._line = line
        self._enter(Phase.IDLE)
        if self._begins_ready:
            self._begins_ready = False
            self.set_seat("ready")

    def _on_key(self, key: str) -> None:
        if key in (RINGS, CALLED):
            self._ring = ring()
            self._orders.put(partial(self._say_that_it_rings, self._answers_by_itself or key == CALLED))
        elif key == OVER:
            self._enter(Phase.IDLE)

    def _say_that_it_rings(self, picks_up: bool) -> None:
        if self._ask("/call/rings"):
            self._enter(Phase.RINGING)
            if picks_up:
                self._answer()

    def _look_now_and_then(self) -> None:
        """Not while orders wait: what the agent presses comes first."""
        if time.monotonic() >= self._looks_at and self._orders.empty():
            self._looks_at = time.monotonic() + _LOOK_SECONDS
            self._orders.put(self._look)

    def _look(self) -> None:
        """At the seat. What is not known is not shown; why not, is said at the next order."""
        try:
            told = self._site.ask("/seat")
            self._seat = SeatSeen(str(told["words"]), time.monotonic() - float(told["seconds"]))
        except (Refused, SiteAway, KeyError, TypeError, ValueError):
            self._seat = UNKNOWN

    def _answer(self) -> None:
        if self._ask("/call/answer"):
            self._playout.clear()
            line = self._line
            if line is not None:
                line.forget_the_past()
                self._enter(Phase.TALKING)

    def _ask(self, path: str) -> bool:
        """True if it was done; else the agent is told why not."""
        try:
            self._site.ask(path)
        except Refused as refusal:
            if refusal.word == "no_call":
                self._enter(Phase.IDLE if self._line else Phase.CONNECTING, refusal.word)
            else:
                self._show(trouble=refusal.word)
            return False
        except SiteAway:
            self._show(trouble="site_away")
            return False
        self._show(trouble="")
        return True

    def _carry_orders(self) -> None:
        while (order := self._orders.get()) is not None:
            order()

    def _heard(self, frame: bytes) -> None:
        """20 ms of the microphone. The room is heard by nobody but the other side of a call."""
        self._meter_db = max(level_db(frame), self._meter_db - _METER_FALLS_DB)
        line, standing = self._line, self._standing
        if line is not None and standing.phase is Phase.TALKING:
            line.say(SILENCE if standing.muted else frame)

    def _from_line(self, frame: bytes) -> None:
        """Asterisk sends silence while there is no call, so that either side sees a line that broke."""
        self._sounds.set()
        if self._standing.phase is Phase.TALKING:
            self._playout.put(frame)

    def _next_frame(self) -> bytes:
        """20 ms for the loudspeaker."""
        phase = self._standing.phase
        if phase is Phase.RINGING:
            return next(self._ring)
        return self._playout.take() if phase is Phase.TALKING else SILENCE

    def _enter(self, phase: Phase, trouble: str = "", device: str = "") -> None:
        """A call that begins or ends unmutes."""
        self._looks_at = 0.0
        with self._changing:
            muted = self._standing.muted and phase is self._standing.phase
            self._show(phase=phase, muted=muted, trouble=trouble, device=device)

    def _show(self, **changed: object) -> None:
        with self._changing:
            before, self._standing = self._standing, replace(self._standing, **changed)  # type: ignore[arg-type]
            if self._standing != before:
                self._tell(self._standing)


METER_STEPS: Final = 12


def meter(db: float) -> str:
    """A level as a bar of twelve steps."""
    filled = round((db - FLOOR_DB) / -FLOOR_DB * METER_STEPS)
    return "▮" * filled + "▯" * (METER_STEPS - filled)
