"""Sound between the sound card and the line: frames, levels, the ring, and a buffer against jitter.

A frame is 20 ms of 8 kHz signed 16-bit mono, little-endian: 320 bytes.
"""

import itertools
import threading
from collections import deque
from collections.abc import Iterator
from typing import Final

import numpy as np

RATE: Final = 8000
FRAME_SAMPLES: Final = 160
FRAME_BYTES: Final = 320
FRAMES_A_SECOND: Final = 50
SILENCE: Final = bytes(FRAME_BYTES)
FLOOR_DB: Final = -60.0
"""What the meter shows for silence."""

_RING_HZ = 450.0  # China's ring, and its cadence
_RING_SECONDS, _PAUSE_SECONDS = 1, 4
_RING_LOUDNESS = 0.2
_FULL_SCALE = 32768.0
_FEW, _MANY = 3, 25


def level_db(frame: bytes) -> float:
    """Loudness in dB below full scale, -60 at the least."""
    samples = np.frombuffer(frame, "<i2").astype(np.float64) / _FULL_SCALE
    mean = float((samples**2).mean()) if samples.size else 0.0
    return max(FLOOR_DB, 10 * np.log10(mean)) if mean else FLOOR_DB


def ring() -> Iterator[bytes]:
    """Frames of a ringing telephone, for ever."""
    at = np.arange(RATE * _RING_SECONDS) / RATE
    tone = (_RING_LOUDNESS * 32767 * np.sin(2 * np.pi * _RING_HZ * at)).astype("<i2").tobytes()
    sounding = [tone[start : start + FRAME_BYTES] for start in range(0, len(tone), FRAME_BYTES)]
    return itertools.cycle([*sounding, *[SILENCE] * (_PAUSE_SECONDS * FRAMES_A_SECOND)])


class Framer:
    """Cuts whatever the sound card delivers into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def frames(self, sound: bytes) -> Iterator[bytes]:
        """The whole frames that there are now."""
        self._rest += sound
        while len(self._rest) >= FRAME_BYTES:
            yield bytes(self._rest[:FRAME_BYTES])
            del self._rest[:FRAME_BYTES]


class Playout:
    """Evens out the network: begins with three frames in hand, and never lags by more than half a second.

    Sound cards and exchanges have clocks of their own, so over an hour one side gains on the other:
    what is too much is dropped, what is missing is silence.
    """

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._filling = True
        self._lock = threading.Lock()

    def put(self, frame: bytes) -> None:
        """A frame came from the line."""
        with self._lock:
            self._frames.append(frame)
            if len(self._frames) > _MANY:
                while len(self._frames) > _FEW:
                    self._frames.popleft()

    def take(self) -> bytes:
        """The frame to play now."""
        with self._lock:
            if self._filling and len(self._frames) < _FEW:
                return SILENCE
            self._filling = not self._frames
            return self._frames.popleft() if self._frames else SILENCE

    def clear(self) -> None:
        """Forget what was not played."""
        with self._lock:
            self._frames.clear()
            self._filling = True
