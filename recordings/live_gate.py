"""Tells speech from quiet, so that people who listen cost the recogniser nothing.

In a talk of two, one is quiet most of the time. The gate looks at the level alone: what is louder than a
line's own hiss passes, noise too, so that nothing is lost but the saving.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8_000
FRAME = RATE // 50
QUIET_RMS = 80.0
"""About -52 dB of full scale. The hiss of G.711 and of quiet rooms lies below, somebody whispering above."""
FRAMES_TO_OPEN = 3
"""60 ms: a click is no word."""
FRAMES_BEFORE = 18
"""The soft beginning of a word belongs to it, and the recogniser wants some quiet in front."""
FRAMES_TO_CLOSE = 40
"""0.8 s of quiet end an utterance."""
FRAMES_OF_QUIET = 15
"""0.3 s: nobody is in the middle of a word."""

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Piece:
    """Sound to listen to: the beginning of an utterance, its end, or neither. `samples` may be empty."""

    samples: Samples
    begins: bool
    ends: bool


class Gate:
    """One line's gate."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.int16)
        self._before: deque[Samples] = deque(maxlen=FRAMES_BEFORE)
        self._loud = self._quiet = 0
        self.is_open = False

    def pieces(self, samples: Samples) -> Iterator[Piece]:
        """What of this sound, and of what came just before it, is to be listened to."""
        whole = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        count = len(whole) // FRAME
        self._rest = whole[count * FRAME :]
        frames = whole[: count * FRAME].reshape(count, FRAME)
        levels = np.sqrt((frames.astype(np.float32) ** 2).mean(axis=1))
        passing: list[Samples] = []
        begins = False
        for frame, loud in zip(frames, levels > QUIET_RMS, strict=True):
            if self.is_open:
                passing.append(frame)
                self._quiet = 0 if loud else self._quiet + 1
                if self._quiet >= FRAMES_TO_CLOSE:
                    yield Piece(np.concatenate(passing), begins, ends=True)
                    passing, begins = [], False
                    self.shut()
            elif self._knock(frame, bool(loud)):
                passing, begins = list(self._before), True
                self._before.clear()
        if passing:
            yield Piece(np.concatenate(passing), begins, ends=False)

    @property
    def is_quiet(self) -> bool:
        """Whether there has been quiet for a while."""
        return self._quiet >= FRAMES_OF_QUIET

    def shut(self) -> None:
        """What comes next is another utterance."""
        self.is_open = False
        self._loud = self._quiet = 0
        self._before.clear()

    def _knock(self, frame: Samples, loud: bool) -> bool:
        """Whether it opens with this frame."""
        self._before.append(frame)
        self._loud = self._loud + 1 if loud else 0
        self.is_open = self._loud >= FRAMES_TO_OPEN
        self._quiet = 0
        return self.is_open
