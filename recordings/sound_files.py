"""Samples out of sound files, from any position, whatever the file's name says.

16-bit PCM in WAV is read here, because Asterisk leaves such files without a finished header when it is
killed; everything else (FLAC, other WAV, Ogg, MP3) by libsndfile.
"""

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.int16]

_PCM = 1
_PCM_EXTENSIBLE = 0xFFFE
_RIFF_HEADER_BYTES = 12
_CHUNK_HEADER_BYTES = 8
_FORMAT_BYTES = 16
_RATES = range(4000, 192_001)
_BLOCK_SECONDS = 10


class TrackError(Exception):
    """A track cannot be read; the text says why and holds nothing about the call."""


class Sound(Protocol):
    """One voice of `frames` samples at `rate` Hz. Several channels are read as their mean."""

    rate: int
    frames: int

    @property
    def is_plain(self) -> bool:
        """16 bits, one channel: what a lossless copy can hold."""
        ...

    def read(self, start: int, count: int) -> Samples:
        """Up to `count` samples from `start` on; fewer at the end. Raises `TrackError`."""
        ...


def open_sound(file: BinaryIO) -> Sound:
    """The sound in an open file. Raises `TrackError` for what holds none."""
    file.seek(0)
    start = file.read(_RIFF_HEADER_BYTES)
    if not start:
        raise TrackError("an empty file")
    if start[:4] == b"RIFF" and start[8:] == b"WAVE" and (found := _pcm(file)):
        return found
    return _Decoded(file)


def blocks(sound: Sound) -> Iterator[Samples]:
    """All of it, ten seconds at a time: three hours need no more memory than one call."""
    step = sound.rate * _BLOCK_SECONDS
    for start in range(0, sound.frames, step):
        yield sound.read(start, step)


def as_flac(sound: Sound) -> BinaryIO:
    """A plain sound as a FLAC file in memory: for who encrypts, no readable copy may touch the disk."""
    content = io.BytesIO()
    with soundfile.SoundFile(content, "w", sound.rate, 1, subtype="PCM_16", format="FLAC") as file:
        for block in blocks(sound):
            file.write(block)
    content.seek(0)
    return content


@dataclass
class _Pcm:
    """16-bit PCM that lies as it is in the file, from `offset` on."""

    file: BinaryIO
    offset: int
    frames: int
    channels: int
    rate: int

    @property
    def is_plain(self) -> bool:
        return self.channels == 1

    def read(self, start: int, count: int) -> Samples:
        width = 2 * self.channels
        self.file.seek(self.offset + start * width)
        content = self.file.read(max(0, min(count, self.frames - start)) * width)
        interleaved = np.frombuffer(content[: len(content) // width * width], "<i2")
        return _mono(interleaved.reshape(-1, self.channels))


class _Decoded:
    """A file of any kind that libsndfile knows."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        try:
            self._sound = soundfile.SoundFile(file)
        except soundfile.SoundFileError:
            raise TrackError("not a sound file, or a broken one") from None
        self.rate: int = _known(self._sound.samplerate)
        self.frames: int = self._sound.frames
        self.is_plain: bool = self._sound.channels == 1 and self._sound.subtype == "PCM_16"

    def read(self, start: int, count: int) -> Samples:
        try:
            self._sound.seek(start)
            return _mono(self._sound.read(count, "int16", always_2d=True))
        except soundfile.SoundFileError:
            raise TrackError("the sound breaks off") from None


def _mono(frames: NDArray[np.int16]) -> Samples:
    if frames.shape[1] == 1:
        return frames[:, 0].astype(np.int16)
    return np.asarray(np.rint(frames.mean(axis=1)), np.int16)


def _pcm(file: BinaryIO) -> _Pcm | None:
    """Where the samples of a WAV file lie; None if they are of another kind.

    A data chunk that claims no bytes, or more than there are, reaches to the end of the file: so it looks
    when its writer was killed.
    """
    there = file.seek(0, os.SEEK_END)
    position, form = _RIFF_HEADER_BYTES, (0, 0)
    while position + _CHUNK_HEADER_BYTES <= there:
        file.seek(position)
        kind, size = struct.unpack("<4sI", file.read(_CHUNK_HEADER_BYTES))
        position += _CHUNK_HEADER_BYTES
        if kind == b"fmt ":
            found = _form(file.read(min(size, _FORMAT_BYTES)))
            if found is None:
                return None
            form = found
        elif kind == b"data":
            channels, rate = form
            claimed = size if 0 < size <= there - position else there - position
            return _Pcm(file, position, claimed // (2 * max(1, channels)), channels, _known(rate))
        position += size + size % 2
    raise TrackError("a WAV file without samples")


def _form(chunk: bytes) -> tuple[int, int] | None:
    """Channels and rate; None where it is not 16-bit PCM."""
    if len(chunk) < _FORMAT_BYTES:
        raise TrackError("a WAV file without a readable format")
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    plain = encoding in (_PCM, _PCM_EXTENSIBLE) and bits == 16 and channels > 0
    return (channels, int(rate)) if plain else None


def _known(rate: int) -> int:
    if rate not in _RATES:
        raise TrackError(f"an impossible sample rate: {rate} Hz")
    return rate
