"""Any sound as a WAV file of 16 bits that nobody has written: what browsers play, and jump about in."""

import io
import os
import struct
from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from recordings.sound_files import Samples, Sound

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_LARGEST = 0xFFFFFFFF


class WaveView(io.RawIOBase):
    """A seekable file of `size` bytes: header and samples. Within `silent`, spans in seconds, all is quiet.

    Closes the sound's own file with itself.
    """

    def __init__(self, sound: Sound, below: BinaryIO, silent: Sequence[tuple[float, float]] = ()) -> None:
        super().__init__()
        self._sound, self._below = sound, below
        self._silent = [(int(begin * sound.rate), round(end * sound.rate)) for begin, end in silent]
        body = sound.frames * 2
        self.size = _HEADER.size + body
        self._header = _HEADER.pack(
            *(b"RIFF", min(_LARGEST, self.size - 8), b"WAVE", b"fmt ", 16, 1, 1),
            *(sound.rate, sound.rate * 2, 2, 16, b"data", min(_LARGEST, body)),
        )
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        view = memoryview(buffer).cast("B")
        piece = self._header[self._position : self._position + len(view)] or self._body(len(view))
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._below.close()
        super().close()

    def _body(self, most: int) -> bytes:
        offset = self._position - _HEADER.size
        first = offset // 2
        samples = self._without_silenced(self._sound.read(first, most // 2 + 2), first)
        return samples.astype("<i2").tobytes()[offset % 2 :][:most]

    def _without_silenced(self, samples: Samples, first: int) -> Samples:
        for begin, end in self._silent:
            samples[max(0, begin - first) : max(0, end - first)] = np.int16(0)
        return samples
