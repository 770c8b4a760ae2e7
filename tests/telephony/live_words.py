"""People in a call who speak sentences when a test tells them to, and what is understood meanwhile."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

from agent_console.live_feed import Follower, Watch
from hotline.context import Context
from hotline.live_text.models import LiveSegment
from hotline.live_text.queries import segments_of
from hotline.live_text.wire import Turn
from hotline.transcripts.models import Speaker
from ivr.live.service import run
from ivr.network import Line, NetworkCall, Script
from ivr.prompts import speak
from recordings.live import LiveDecoder
from recordings.recogniser import Recogniser
from tests.waiting import until

CITIZEN_VOICE, AGENT_VOICE, EXPERT_VOICE = (
    "cmn-latn-pinyin+f2",
    "cmn-latn-pinyin+m3",
    "cmn-latn-pinyin+f4",
)


@dataclass
class Speaks:
    """Somebody at a telephone who says a sentence whenever one is put before them."""

    voice: str
    folder: Path
    call: NetworkCall | None = None
    answered_at: float = 0.0
    said_at: float = 0.0
    """When the last sentence was over (monotonic)."""
    _wishes: "queue.Queue[Path]" = field(default_factory=queue.Queue)
    _begun: int = 0
    _said: int = 0
    _over: bool = False

    def script(self) -> Script:
        """Pick up, and speak until the other side hangs up."""

        def talk(line: Line) -> None:
            self.answered_at = time.monotonic()
            line.answer()
            while not self._over:
                line.wait_until(lambda: self._over or not self._wishes.empty(), 120)
                if not self._wishes.empty():
                    line.say(self._wishes.get())
                    self.said_at = time.monotonic()
                    self._said += 1
            line.hang_up()

        return talk

    def begin(self, sentence: str) -> None:
        """Begin to say it; returns at once."""
        wave = self.folder / f"{abs(hash((self.voice, sentence)))}.wav"
        if not wave.exists():
            speak(sentence, wave, voice=self.voice, words_a_minute=160)
        self._begun += 1
        self._wishes.put(wave)

    def says(self, sentence: str) -> None:
        """Say it to its end."""
        self.begin(sentence)
        self.finishes()

    def finishes(self) -> None:
        """Wait until the sentence that was begun is over."""
        until(lambda: self.is_silent, 30, "it to be said")

    @property
    def is_silent(self) -> bool:
        """Whether everything that was begun has been said."""
        return self._said == self._begun

    def hangs_up(self) -> None:
        self._over = True


class Desk:
    """What the page of a call is told, as a console keeps it."""

    def __init__(self, context: Context, call_id: int) -> None:
        self._context, self._call_id = context, call_id
        self._bell = threading.Event()
        self._watch: Watch = Follower(context.settings).watch(call_id, self._bell)
        self.turns: dict[str, Turn] = {}
        self.states: list[str] = []

    def read(self) -> "Desk":
        """Take what is new."""
        if news := self._watch.news():
            if not self.states or self.states[-1] != news.state:
                self.states.append(news.state)
            for turn in news.turns:
                self.turns[turn.key] = turn
        return self

    @property
    def state(self) -> str:
        self.read()
        return self.states[-1] if self.states else ""

    def until_stands(self, state: str, seconds: float = 15) -> None:
        until(lambda: self.state == state, seconds, f"the live text to be {state}, not {self.states}")

    def said_by(self, speaker: Speaker) -> str:
        """Everything that this side is understood to have said, also words that may still change."""
        turns = [turn for turn in self.read().turns.values() if turn.speaker is speaker]
        return "".join(turn.text for turn in sorted(turns, key=lambda turn: turn.start_s))

    def until_said(self, speaker: Speaker, sentence: str, share: float = 0.5, seconds: float = 20) -> float:
        """Wait until so much of this sentence is on the page; the time (monotonic)."""
        try:
            until(
                lambda: likeness(sentence, self.said_by(speaker)) >= share,
                seconds,
                f"{sentence} by {speaker}",
            )
        except AssertionError as error:
            error.add_note(f"understood: {[turn.text for turn in self.turns.values()]}, {self.states}")
            raise
        return time.monotonic()

    def until_written(self, speaker: Speaker) -> None:
        """Wait until what this side is understood to have said stands in the database."""
        until(lambda: self.written_by(speaker) == self.said_by(speaker), 10, f"{speaker} to be written down")

    def written_by(self, speaker: Speaker) -> str:
        """What stands in the database of this side."""
        return "".join(one.text for one in self.written() if one.speaker is speaker)

    def close(self) -> None:
        self._watch.end()

    def written(self) -> list[LiveSegment]:
        """What stands in the database."""
        with self._context.reading() as session:
            return list(segments_of(session, self._call_id))


def likeness(sentence: str, text: str) -> float:
    """The share of the sentence's characters that are in the text, in their order."""
    matcher = SequenceMatcher(None, sentence, text, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(sentence)


@contextmanager
def following(context: Context, recogniser: Recogniser, **settings: object) -> Iterator[None]:
    """`hotline live` in threads of the test."""
    chosen = replace(context, settings=context.settings.model_copy(update=settings))
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(chosen, LiveDecoder(recogniser), stop), name="live")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


class LiveProcess:
    """`hotline run live` with the test's settings and database."""

    def __init__(self, context: Context) -> None:
        settings = context.settings.model_copy(update={"database_url": context.database.url})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "run", "live"],
            env=os.environ | settings.environment(),
            stdin=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As a machine does that runs out of memory: no last words."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
