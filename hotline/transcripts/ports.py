"""What the console needs of recorded audio. Implemented in `recordings/tracks.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

PEAKS_PER_SECOND = 5


class NoSuchTrack(LookupError):
    """The track is not there, cannot be decrypted, or its path is none. The text tells no secret."""


@dataclass(frozen=True)
class Playable:
    """A seekable file of `size` bytes, to be closed by whoever asked for it, and its media type."""

    file: BinaryIO
    size: int
    media_type: str


class TrackAudio(Protocol):
    """The audio of tracks, by their path relative to the spool, whatever they are kept as."""

    def playable(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> Playable:
        """The track as a browser plays it; within `silent`, spans in seconds of the track, nothing is heard.

        Raises `NoSuchTrack`.
        """
        ...

    def peaks(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> bytes:
        """How loud it is, 0 to 255, in every fifth of a second; nothing where one touches `silent`.

        Raises `NoSuchTrack`.
        """
        ...


class _NoAudio:
    """Nothing is there: for a console without recordings."""

    def playable(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> Playable:
        raise NoSuchTrack("this console has no recordings")

    def peaks(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> bytes:
        raise NoSuchTrack("this console has no recordings")


NO_AUDIO: TrackAudio = _NoAudio()
