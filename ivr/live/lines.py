"""One line a speaker: asked of Asterisk while somebody should be listened to, and let go when not.

Whom to listen to is read from the database again and again, and made so: a line that breaks is asked for
anew, and so are those of calls that go on when this process was killed. Asterisk never waits for us; a line
that ends changes nothing in its call.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from hotline.context import Context
from hotline.live_text.ports import Heard, ListeningLine, LiveRecogniser
from hotline.live_text.queries import WantedCall, WantedSpeaker
from hotline.live_text.rules import LAG_ALLOWED_S, CallText
from hotline.live_text.service import Said
from hotline.live_text.wire import Turn
from ivr.ami.client import AmiError
from ivr.ami.link import Asks
from ivr.live.audio import Ear
from ivr.live.book import Book
from ivr.live.scribe import Scribe

CONNECTED_WITHIN = 5.0
LONGEST_PAUSE = 30.0
"""Between two tries for a line that does not come about."""
AFTER_HUSH = 0.2
"""What comes so soon after a pause may have been said in it."""
CLOSED_AFTER = 5.0
"""The last words of a call are understood after its end."""

_log = structlog.get_logger(__name__)


@dataclass(eq=False)
class Line:
    """One speaker's line, from its order to its end. Implements `Ear`."""

    call: WantedCall
    speaker: WantedSpeaker
    listening: ListeningLine
    hushed: bool
    asked_at: float
    monotonic: Callable[[], float]
    deaf_until: float = 0.0
    hang_up: Callable[[], None] | None = None
    ended: bool = False

    @property
    def is_late(self) -> bool:
        """Asterisk has not connected in time."""
        return self.hang_up is None and self.monotonic() - self.asked_at > CONNECTED_WITHIN

    def feed(self, samples: bytes) -> None:
        if not self.hushed and self.monotonic() >= self.deaf_until:
            self.listening.feed(samples)

    def hung_up(self) -> None:
        self.ended = True
        self.listening.close()

    def hush(self, on: bool) -> None:
        """Listen no more, or again. Nothing that was said meanwhile is ever looked at."""
        if on and not self.hushed:
            self.hushed = True
            self.listening.finish()
        elif not on and self.hushed:
            self.deaf_until = self.monotonic() + AFTER_HUSH
            self.hushed = False

    def end(self) -> None:
        """Let go."""
        self.ended = True
        self.listening.close()
        if self.hang_up is not None:
            self.hang_up()


class Lines:
    """All lines of one Asterisk. `follow` runs on one thread; the rest may be called from any."""

    def __init__(
        self,
        context: Context,
        asterisk: Asks,
        recogniser: LiveRecogniser,
        book: Book,
        scribe: Scribe,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._context = context
        self._monotonic = monotonic
        self._asterisk = asterisk
        self._recogniser = recogniser
        self._book = book
        self._scribe = scribe
        self._lock = threading.RLock()
        self._lines: dict[str, Line] = {}
        self._expected: dict[UUID, Line] = {}
        self._hushed: dict[str, bool] = {}
        self._tries: dict[str, tuple[int, float]] = {}
        self._over: dict[int, float] = {}

    @property
    def count(self) -> int:
        """How many lines there are."""
        with self._lock:
            return len(self._lines)

    def claim(self, identity: UUID, hang_up: Callable[[], None]) -> Ear | None:
        """The line that has this identity; once. See `ivr.live.audio.Claim`."""
        with self._lock:
            line = self._expected.pop(identity, None)
            if line is None or line.ended:
                return None
            line.hang_up = hang_up
            self._tries.pop(line.speaker.channel_id, None)
            return line

    def hush(self, channel_id: str, on: bool) -> None:
        """Asterisk says that a channel's tracks hold silence from now on, or sound again."""
        with self._lock:
            self._hushed[channel_id] = on
            if line := self._lines.get(channel_id):
                line.hush(on)

    def hush_all(self) -> None:
        """Nobody would tell us of a pause just now: rather hear nothing."""
        with self._lock:
            self._hushed.clear()
            for line in self._lines.values():
                line.hush(True)

    def forget_pauses(self) -> None:
        """What was told of pauses may be old; what the database says counts until the next one."""
        with self._lock:
            self._hushed.clear()

    def forget(self, channel_id: str) -> None:
        """The channel has gone."""
        with self._lock:
            self._hushed.pop(channel_id, None)
            self._tries.pop(channel_id, None)

    def follow(self, wanted: Iterable[WantedCall], allowed: Collection[int]) -> None:
        """Make the lines those of the allowed ones among these calls; say how each call stands."""
        calls = list(wanted)
        with self._lock:
            self._let_go(calls, allowed)
            self._take_pauses(calls)
            missing = [
                (call, speaker)
                for call in calls
                if call.call_id in allowed
                for speaker in call.speakers
                if self._may_ask(speaker.channel_id)
            ]
        for call, speaker in missing:
            self._ask(call, speaker)
        lag = self._recogniser.load().lag_s
        for call in calls:
            self._over.pop(call.call_id, None)
            self._book.stands(call.call_id, self._standing(call, call.call_id in allowed, lag))

    def _let_go(self, calls: Collection[WantedCall], allowed: Collection[int]) -> None:
        now = self._monotonic()
        stay = {speaker.channel_id for call in calls if call.call_id in allowed for speaker in call.speakers}
        for channel_id, line in list(self._lines.items()):
            if channel_id in stay and not line.ended and not line.is_late:
                continue
            if channel_id in stay:
                self._try_later(channel_id)
            line.end()
            del self._lines[channel_id]
            self._over.setdefault(line.call.call_id, now)
        self._expected = {identity: line for identity, line in self._expected.items() if not line.ended}
        current = {call.call_id for call in calls}
        for call_id in [one for one, at in self._over.items() if now - at > CLOSED_AFTER]:
            del self._over[call_id]
            if call_id not in current:
                self._book.close(call_id)

    def _take_pauses(self, calls: Collection[WantedCall]) -> None:
        """What the database says counts where Asterisk has told us nothing."""
        for call in calls:
            for speaker in call.speakers:
                line = self._lines.get(speaker.channel_id)
                if line is not None and speaker.channel_id not in self._hushed:
                    line.hush(call.paused or speaker.muted)

    def _may_ask(self, channel_id: str) -> bool:
        _, not_before = self._tries.get(channel_id, (0, 0.0))
        return channel_id not in self._lines and self._monotonic() >= not_before

    def _try_later(self, channel_id: str) -> None:
        tries, _ = self._tries.get(channel_id, (0, 0.0))
        self._tries[channel_id] = (tries + 1, self._monotonic() + min(2.0**tries, LONGEST_PAUSE))

    def _ask(self, call: WantedCall, speaker: WantedSpeaker) -> None:
        """Have Asterisk connect a line to us."""
        identity, channel_id = uuid4(), speaker.channel_id
        listening = self._recogniser.listen(self._hears(call, speaker, identity.hex[:16]), call.languages)
        with self._lock:
            hushed = self._hushed.get(channel_id, call.paused or speaker.muted)
            line = Line(call, speaker, listening, hushed, self._monotonic(), self._monotonic)
            self._lines[channel_id] = self._expected[identity] = line
        try:
            self._asterisk.ask("Originate", self._order(identity), {"LEG": channel_id})
        except AmiError as error:
            _log.warning("live.line_not_asked", error=type(error).__name__)
            line.end()

    def _order(self, identity: UUID) -> Mapping[str, str]:
        settings = self._context.settings
        machine = f"{settings.pbx_name}-" if settings.pbx_name else ""
        return {
            "Channel": f"AudioSocket/{settings.live_address}:{settings.live_audio_port}/{identity}/c(slin)",
            "ChannelId": f"{machine}live-{identity.hex}",
            "Context": "live",
            "Exten": "speaker",
            "Priority": "1",
            "Timeout": "3000",
            "Async": "true",
        }

    def _hears(self, call: WantedCall, speaker: WantedSpeaker, key: str) -> Callable[[Heard], None]:
        def hears(heard: Heard) -> None:
            said_at = self._context.now() - timedelta(seconds=self._monotonic() - heard.began)
            start_s = max(0.0, round((said_at - call.started_at).total_seconds(), 2))
            who = speaker.speaker, speaker.label
            turn = Turn(f"{key}-{heard.number}", *who, start_s, heard.final, heard.text)
            self._book.add(call.call_id, turn)
            if heard.final and heard.text:
                end_s = round(start_s + heard.ended - heard.began, 2)
                words = [
                    [word, round(start_s + begin, 2), round(start_s + end, 2), confidence]
                    for word, begin, end, confidence in heard.words
                ]
                said = Said(call.call_id, turn.key, *who, start_s, end_s, said_at, heard.text, words)
                self._scribe.note(said)

        return hears

    def _standing(self, call: WantedCall, allowed: bool, lag_s: float) -> CallText:
        with self._lock:
            lines = [self._lines[one.channel_id] for one in call.speakers if one.channel_id in self._lines]
        if not allowed:
            return CallText.SHED
        if call.paused:
            return CallText.PAUSED
        if not any(line.hang_up for line in lines):
            return CallText.STARTING
        return CallText.BEHIND if lag_s > LAG_ALLOWED_S else CallText.LISTENING
