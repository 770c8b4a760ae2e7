"""What a track is like when it is closed: its hashes, and what is wrong with it. One pass over the file."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from hotline.transcripts.models import Fault

HEADER_BYTES = 44
BYTES_A_SECOND = 16_000  # 8 kHz, 16 bits, mono: what MixMonitor writes into .wav
SILENCE_ALLOWED = timedelta(seconds=6)
"""The most that a recording lacks without a fault: nothing is written while neither side sends."""
LONGER_ALLOWED = timedelta(seconds=2)
_PIECE_BYTES = 60 * BYTES_A_SECOND
# Below 0.3 % of full scale there is nothing but the codec's own noise.
_SILENT_PEAK = 100
# G.711's loudest step is 32,256 (A-law) or 32,124 (mu-law): a shout touches it, an overdriven line stays.
_CLIPPED_FROM = 32_000
_CLIPPED_SHARE = 0.01


@dataclass(frozen=True)
class Look:
    """What one pass over a file has seen. `clipped` is the share of its samples at full scale."""

    sha256: str
    samples_sha256: str
    peak: int
    clipped: float

    def findings(self, seconds: float, leg_seconds: float | None) -> list[dict[str, Any]]:
        """What is wrong, for `Track.findings`. `leg_seconds`: how long it should be, if that is known."""
        found: list[dict[str, Any]] = []
        if self.peak < _SILENT_PEAK:
            found.append({"fault": Fault.SILENT.value})
        if self.clipped > _CLIPPED_SHARE:
            found.append({"fault": Fault.CLIPPED.value, "share": round(self.clipped, 3)})
        if leg_seconds is not None:
            lacking = leg_seconds - seconds
            if lacking > SILENCE_ALLOWED.total_seconds():
                found.append({"fault": Fault.SHORT.value, "seconds": round(lacking)})
            elif -lacking > LONGER_ALLOWED.total_seconds():
                found.append({"fault": Fault.LONG.value, "seconds": round(-lacking)})
        return found


def look_at(path: Path) -> Look:
    """Read a WAV file of Asterisk's once, a minute at a time. Raises `OSError`."""
    whole, samples_only = hashlib.sha256(), hashlib.sha256()
    peak = loud = count = 0
    with path.open("rb") as file:
        whole.update(file.read(HEADER_BYTES))
        while piece := file.read(_PIECE_BYTES):
            whole.update(piece)
            samples_only.update(piece[: len(piece) // 2 * 2])
            levels = np.abs(np.frombuffer(piece[: len(piece) // 2 * 2], "<i2").astype(np.int32))
            peak = max(peak, int(levels.max(initial=0)))
            loud += int(np.count_nonzero(levels >= _CLIPPED_FROM))
            count += len(levels)
    return Look(whole.hexdigest(), samples_only.hexdigest(), peak, loud / count if count else 0.0)
