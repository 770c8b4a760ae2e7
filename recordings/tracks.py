"""The spool of recorded calls: the one place that turns a track's relative path into audio."""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FULL_SCALE = 32_768
_PATH = re.compile(
    r"\d{4}/\d{2}/\d{2}/(?P<linkedid>[A-Za-z0-9][A-Za-z0-9._-]{0,79})/"
    r"(?P<track>caller|mix|agent-[A-Za-z0-9][A-Za-z0-9._-]{0,79})\.wav"
)
# Below 0.3 % of full scale there is nothing but the codec's own noise.
_SILENT_PEAK = 100
_PCM = 1
_PCM_EXTENSIBLE = 0xFFFE
_RIFF_HEADER_BYTES = 12
_CHUNK_HEADER_BYTES = 8
_FORMAT_BYTES = 16


class TrackError(Exception):
    """A track cannot be read; the text says why and holds nothing about the call."""


@dataclass(frozen=True)
class Audio:
    """Mono samples at `rate` Hz."""

    samples: NDArray[np.int16]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    @property
    def peak(self) -> float:
        """The loudest sample, 0 to 1 of full scale."""
        loudest = np.abs(self.samples.astype(np.int32)).max(initial=0)
        return float(loudest) / FULL_SCALE

    @property
    def is_silent(self) -> bool:
        """Nobody can be heard."""
        return self.peak * FULL_SCALE < _SILENT_PEAK


class Spool:
    """The folder below which every call has `YYYY/MM/DD/<linkedid>/` with one WAV file a track."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def path_of(self, track: str) -> Path:
        """The absolute path of `YYYY/MM/DD/<linkedid>/<track>.wav`, whether it exists or not.

        Raises `TrackError` for any other form, and where a link leads out of the spool.
        """
        if not _PATH.fullmatch(track):
            raise TrackError("not the path of a track")
        path = self.root / track
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise TrackError("the path leads out of the spool")
        return path

    def read(self, track: str) -> Audio:
        """The track's audio, also where its writer died before finishing the header. Raises `TrackError`."""
        try:
            content = self.path_of(track).read_bytes()
        except OSError as error:
            raise TrackError(f"the file cannot be read ({type(error).__name__})") from None
        return parse_wav(content)


def parse_wav(content: bytes) -> Audio:
    """16-bit mono PCM out of a WAV file's bytes. Raises `TrackError`.

    A data chunk that claims no bytes, or more than there are, reaches to the end of the file: so it looks
    when its writer was killed.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise TrackError("not a WAV file")
    rate = 0
    position = _RIFF_HEADER_BYTES
    while position + _CHUNK_HEADER_BYTES <= len(content):
        kind, size = struct.unpack_from("<4sI", content, position)
        position += _CHUNK_HEADER_BYTES
        if kind == b"fmt ":
            rate = _rate(content[position : position + size])
        elif kind == b"data":
            return Audio(_samples(content, position, size), _known(rate))
        position += size + size % 2
    raise TrackError("a WAV file without samples")


def _rate(format_chunk: bytes) -> int:
    if len(format_chunk) < _FORMAT_BYTES:
        raise TrackError("a WAV file without a readable format")
    encoding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", format_chunk)
    if encoding not in (_PCM, _PCM_EXTENSIBLE) or channels != 1 or bits != 16:
        raise TrackError(f"not 16-bit mono PCM (encoding {encoding}, {channels} channels, {bits} bits)")
    return int(rate)


def _known(rate: int) -> int:
    if not 4000 <= rate <= 192_000:
        raise TrackError(f"an impossible sample rate: {rate} Hz")
    return rate


def _samples(content: bytes, position: int, size: int) -> NDArray[np.int16]:
    there = len(content) - position
    claimed = size if 0 < size <= there else there
    return np.frombuffer(content, "<i2", count=claimed // 2, offset=position).astype(np.int16)
