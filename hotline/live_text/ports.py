"""What the telephone side wants of a recogniser that listens live. Implemented in `recordings/`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Heard:
    """What an utterance is understood as so far. Times are of `time.monotonic()`."""

    number: int
    """Of the utterance on its line, from 0; told again as it grows, and a last time as it is `final`."""
    began: float
    ended: float
    final: bool
    text: str = field(repr=False)
    """Empty in the end if nothing was said after all."""
    words: Sequence[tuple[str, float, float, float]] = field(default=(), repr=False)
    """Of a final one: word, start, end, confidence; in seconds from `began`."""


@dataclass(frozen=True)
class Load:
    """How hard it is to keep up. `lag_s` is how long sound has waited lately, at most, before it was looked
    at; `busy` the share (0..1) of this machine's cores that decoding took."""

    lines: int
    lag_s: float
    busy: float


class ListeningLine(Protocol):
    """One speaker's sound. Every method returns at once; nothing may be fed after `close`."""

    def feed(self, samples: bytes) -> None:
        """The next sound: 8 kHz, 16 bits, mono, little-endian."""
        ...

    def finish(self) -> None:
        """Nothing more belongs to what was said so far; sound that still waits is forgotten."""
        ...

    def close(self) -> None:
        """The speaker has gone; what was said so far is told as final."""
        ...


class LiveRecogniser(Protocol):
    """Listens to many lines at once."""

    def listen(self, on_heard: Callable[[Heard], None], languages: Sequence[str] = ()) -> ListeningLine:
        """A new line, in one of these languages, the most exact first. `on_heard` runs on a thread of the
        recogniser's and may only make a note."""
        ...

    def load(self) -> Load:
        """How hard it is to keep up just now."""
        ...

    def close(self) -> None:
        """Stop listening to everybody."""
        ...
