"""WAV files for tests, whole and broken."""

import struct

import numpy as np
from numpy.typing import NDArray


def wav(
    samples: NDArray[np.int16], rate: int = 8000, *, claimed: int | None = None, channels: int = 1
) -> bytes:
    """A WAV file; `claimed` replaces the length of the samples that its header gives."""
    body = samples.astype("<i2").tobytes()
    size = len(body) if claimed is None else claimed
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def noise(seconds: float, rate: int = 8000, amplitude: float = 3000) -> NDArray[np.int16]:
    """White noise, the same every time."""
    made = np.random.default_rng(7).normal(0, amplitude, round(seconds * rate))
    return np.clip(made, -32_768, 32_767).astype(np.int16)


def tone(seconds: float, rate: int = 8000, amplitude: float = 8000) -> NDArray[np.int16]:
    """A tone of 440 Hz."""
    times = np.arange(round(seconds * rate)) / rate
    return (amplitude * np.sin(2 * np.pi * 440 * times)).astype(np.int16)
