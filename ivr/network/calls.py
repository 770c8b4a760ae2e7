"""What can be read of a call in the telephone network, while it lasts and afterwards."""

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_POLL_SECONDS = 0.05
_CLOSING_SECONDS = 30.0


class CallFailed(RuntimeError):
    """The call did not come about, or did not reach the awaited point in time."""


class EndedBy(StrEnum):
    """Who ended a call."""

    US = "us"
    """The script came to its end, or hung up."""
    THEM = "them"
    """The other side hung up."""
    NOBODY_ANSWERED = "nobody-answered"
    """The call that we placed was never answered."""


@dataclass(frozen=True)
class Step:
    """One thing that was done on the line; times in seconds since the script began."""

    name: str
    began: float
    ended: float


@dataclass
class NetworkCall:
    """One call, played by a script. Events are set by the script's thread."""

    number: str
    folder: Path
    began: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    steps: list[Step] = field(default_factory=list)
    ended_by: EndedBy | None = None
    error: BaseException | None = None
    """What broke the script, if anything but a hang-up did."""

    @property
    def heard(self) -> Path:
        """WAV of what came from the hotline."""
        return self.folder / "heard.wav"

    @property
    def said(self) -> Path:
        """WAV of what went to the hotline."""
        return self.folder / "said.wav"

    @property
    def closed(self) -> Path:
        """A file that Asterisk makes when both recordings are whole."""
        return self.folder / "closed"

    def wait_answered(self, seconds: float) -> None:
        """Return once the call is answered. Raises `CallFailed`."""
        self._wait(self.answered, seconds, "answered")

    def wait_ended(self, seconds: float) -> EndedBy:
        """Return who ended the call once it is over and its recordings are closed. Raises `CallFailed`."""
        self._wait(self.ended, seconds, "over")
        if self.error is not None:
            raise CallFailed(f"the script broke: {type(self.error).__name__}") from self.error
        if self.ended_by is None:
            raise CallFailed("the call ended without an end")
        return self.ended_by

    def _wait(self, event: threading.Event, seconds: float, what: str) -> None:
        if not event.wait(seconds):
            done = ", ".join(step.name for step in self.steps) or "nothing"
            raise CallFailed(f"call was not {what} within {seconds:.0f} s; done so far: {done}")


def wait_until_closed(call: NetworkCall) -> None:
    """Return once Asterisk has closed what it recorded of this call: it does so after the hang-up.

    Raises `CallFailed` after half a minute.
    """
    due = time.monotonic() + _CLOSING_SECONDS
    while call.answered.is_set() and not call.closed.exists():
        if time.monotonic() > due:
            raise CallFailed("a recording of the telephone network was never closed")
        time.sleep(_POLL_SECONDS)
