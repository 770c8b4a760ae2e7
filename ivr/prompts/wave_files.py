"""8 kHz, 16-bit, mono WAV: what Asterisk plays and records without conversion."""

import io
import wave
from pathlib import Path
from uuid import uuid4

import numpy as np
import numpy.typing as npt

RATE = 8000
"""Samples a second."""

Samples = npt.NDArray[np.float64]
"""Mono audio, full scale is -1..1."""


def write_wave(path: Path, samples: Samples) -> None:
    """Write `samples` (at `RATE`) whole under a name that nobody else has, then put them in place."""
    draft = path.with_name(f".{path.name}.{uuid4().hex}.draft")
    try:
        draft.write_bytes(wave_bytes(samples))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def wave_bytes(samples: Samples) -> bytes:
    """`samples` (at `RATE`) as a WAV file."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes())
    return content.getvalue()
