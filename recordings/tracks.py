"""The spool of recorded calls: the one place that turns a track's relative path into audio.

A track is `YYYY/MM/DD/<linkedid>/<name>` with `.wav` as Asterisk wrote it, or `.flac` as it is kept; `.enc`
behind either says that it is encrypted (`recordings/sealed.py`).
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from hotline.config import Settings
from hotline.transcripts.ports import NoSuchTrack, Playable
from recordings.keys import load_keys
from recordings.peaks import KeptPeaks, peaks_of, without
from recordings.sealed import NotOpened, SealedReader
from recordings.sound_files import Samples, Sound, TrackError, open_sound
from recordings.wave_view import WaveView

__all__ = ["FULL_SCALE", "Audio", "Spool", "TrackError", "parse_wav"]

FULL_SCALE = 32_768
ENCRYPTED = ".enc"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}?"
_TRACK = rf"(caller|mix|message|comment|(agent|expert|supervisor)-{_NAME})"
_PATH = re.compile(
    rf"(?P<stem>\d{{4}}/\d{{2}}/\d{{2}}/{_NAME}/{_TRACK})(?P<form>\.wav|\.flac)(?P<encrypted>\.enc)?"
)
# Below 0.3 % of full scale there is nothing but the codec's own noise.
SILENT_PEAK = 100


@dataclass(frozen=True)
class Audio:
    """Mono samples at `rate` Hz."""

    samples: Samples
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
        return self.peak * FULL_SCALE < SILENT_PEAK


class Spool:
    """The folder below which every call has a folder with one file a track. `keys` open encrypted ones."""

    def __init__(self, root: Path, keys: Sequence[bytes] = ()) -> None:
        self.root = root.absolute()
        self._keys = tuple(keys)

    @classmethod
    def of(cls, settings: Settings) -> "Spool":
        """The spool of this installation. Raises `SettingsError` for a key file that cannot be used."""
        return cls(settings.spool_dir, load_keys(settings.recording_key_file))

    @property
    def key(self) -> bytes | None:
        """What files are encrypted with from now on; None: they are not."""
        return self._keys[0] if self._keys else None

    def path_of(self, track: str) -> Path:
        """The absolute path of a track, whether it exists or not.

        Raises `TrackError` for any other form, and where a link leads out of the spool.
        """
        if not _PATH.fullmatch(track):
            raise TrackError("not the path of a track")
        path = self.root / track
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise TrackError("the path leads out of the spool")
        return path

    def file(self, track: str) -> BinaryIO:
        """The bytes of the track, decrypted as they are read; seekable. Raises `TrackError`."""
        path, encrypted = self.path_of(track), track.endswith(ENCRYPTED)
        try:
            opened = path.open("rb")
        except OSError as error:
            raise TrackError(f"the file cannot be read ({type(error).__name__})") from None
        if not encrypted:
            return opened
        try:
            return cast(BinaryIO, SealedReader(opened, self._keys, stem_of(track)))
        except NotOpened as error:
            opened.close()
            raise TrackError(f"the file cannot be decrypted: {error}") from None

    @contextmanager
    def open(self, track: str) -> Iterator[Sound]:
        """The samples of the track, whatever it is kept as, from any position. Raises `TrackError`."""
        with self.file(track) as file:
            try:
                yield open_sound(file)
            except NotOpened as error:
                raise TrackError(f"the file cannot be decrypted: {error}") from None
            except OSError as error:
                raise TrackError(f"the file cannot be read ({type(error).__name__})") from None

    def read(self, track: str) -> Audio:
        """All of the track at once, also where its writer died before finishing it. Raises `TrackError`."""
        with self.open(track) as sound:
            return Audio(sound.read(0, sound.frames), sound.rate)

    def playable(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> Playable:
        """See `hotline.transcripts.ports.TrackAudio`."""
        try:
            file = self.file(track)
        except TrackError as error:
            raise NoSuchTrack(str(error)) from None
        try:
            view = WaveView(open_sound(file), file, silent)
        except TrackError as error:
            if silent:  # what cannot be read cannot be silenced
                file.close()
                raise NoSuchTrack(str(error)) from None
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            return Playable(file, size, "audio/wav")
        return Playable(cast(BinaryIO, view), view.size, "audio/wav")

    def peaks(self, track: str, silent: Sequence[tuple[float, float]] = ()) -> bytes:
        """See `hotline.transcripts.ports.TrackAudio`. The first time of a track reads all of its sound."""
        try:
            stem = stem_of(track)
            kept = KeptPeaks(self.path_of(track).parent / Path(stem).name, self._keys, stem)
            levels = kept.read()
            if levels is None:
                with self.open(track) as sound:
                    levels = peaks_of(sound)
                kept.keep(levels)
        except TrackError as error:
            raise NoSuchTrack(str(error)) from None
        return without(levels, silent)


def stem_of(track: str) -> str:
    """The path without what says how it is kept: what an encrypted file belongs to. Raises `TrackError`."""
    found = _PATH.fullmatch(track)
    if found is None:
        raise TrackError("not the path of a track")
    return found["stem"]


def parse_wav(content: bytes) -> Audio:
    """Samples out of the bytes of a sound file. Raises `TrackError`."""
    sound = open_sound(io.BytesIO(content))
    return Audio(sound.read(0, sound.frames), sound.rate)
