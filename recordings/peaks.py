"""How loud a track is from moment to moment: what a waveform is drawn from. Computed once a track.

The levels lie beside their track, in its call's folder, so that they are deleted with it; encrypted where the
tracks are. They are of all the sound: what somebody may not hear is taken out whenever they are asked for.
"""

import io
import math
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog

from hotline.transcripts.ports import PEAKS_PER_SECOND
from recordings.sealed import NotOpened, SealedReader, seal
from recordings.sound_files import Samples, Sound, blocks

_log = structlog.get_logger()


def peaks_of(sound: Sound) -> bytes:
    """The loudest sample of every fifth of a second, 0 to 255 of full scale. Raises `TrackError`."""
    return b"".join(_of_block(samples, sound.rate) for samples in blocks(sound))


def without(peaks: bytes, silent: Sequence[tuple[float, float]]) -> bytes:
    """The same, and nothing in every fifth of a second that touches one of the spans, in seconds."""
    quiet = bytearray(peaks)
    for begin, end in silent:
        first = max(0, math.floor(begin * PEAKS_PER_SECOND))
        last = min(len(quiet), math.ceil(end * PEAKS_PER_SECOND))
        quiet[first:last] = bytes(max(0, last - first))
    return bytes(quiet)


class KeptPeaks:
    """The file of one track's levels; `belongs_to` is what it is encrypted for, as its track is."""

    def __init__(self, stem: Path, keys: Sequence[bytes], belongs_to: str) -> None:
        self._keys, self._belongs_to = keys, f"{belongs_to}.peaks"
        self._path = stem.with_name(f"{stem.name}.peaks{'.enc' if keys else ''}")

    def read(self) -> bytes | None:
        """What was kept; None where there is nothing, or nothing that can be read: then it is made anew."""
        try:
            content = self._path.read_bytes()
            if not self._keys:
                return content
            with SealedReader(io.BytesIO(content), self._keys, self._belongs_to) as opened:
                return opened.read()
        except FileNotFoundError:
            return None
        except (OSError, NotOpened) as error:
            _log.warning("peaks not read", error=type(error).__name__)
            return None

    def keep(self, peaks: bytes) -> None:
        """Keep them. Where that cannot be, they are computed again next time, and the log says why."""
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                if self._keys:
                    seal(io.BytesIO(peaks), file, self._keys[0], self._belongs_to)
                else:
                    file.write(peaks)
            draft.replace(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            _log.warning("peaks not kept", error=type(error).__name__)


def _of_block(samples: Samples, rate: int) -> bytes:
    """Blocks begin at whole seconds, so that no fifth of a second lies in two of them."""
    seconds = -(-len(samples) // rate)
    begins = np.arange(seconds * PEAKS_PER_SECOND) * rate // PEAKS_PER_SECOND
    loud = np.abs(samples.astype(np.int32))
    levels = np.maximum.reduceat(loud, begins[begins < len(samples)]) if len(samples) else loud
    return bytes(np.minimum(255, levels >> 7).astype(np.uint8))
