"""What the agent's page is told while the citizen of the story speaks."""

import threading
import time

from agent_console.live_feed import Follower
from hotline.cli.demo.telling import StepFailed
from hotline.config import Settings
from hotline.transcripts.models import Speaker

PATIENCE_SECONDS = 20.0
_TURN_SECONDS = 0.5


class LiveWords:
    """Follows one call as its page does, and keeps when the citizen's first words came."""

    def __init__(self, settings: Settings, call_id: int) -> None:
        self._bell = threading.Event()
        self._watch = Follower(settings).watch(call_id, self._bell)
        self.seconds = 0.0
        self.words = ""

    def wait_for_citizen(self) -> None:
        """The citizen begins to speak now: wait for the first words. Raises `StepFailed`."""
        began = time.monotonic()
        while not self.words:
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise StepFailed("no word of the citizen appeared on the agent's page")
            self._bell.wait(_TURN_SECONDS)
            self._bell.clear()
            news = self._watch.news()
            said = [turn for turn in news.turns if turn.speaker is Speaker.CALLER] if news else []
            self.words = said[0].text if said else ""
        self.seconds = time.monotonic() - began
        self._watch.end()

    def measured(self) -> dict[str, object]:
        """For the story's file."""
        return {"first_words_s": round(self.seconds, 2), "first_words": self.words}
