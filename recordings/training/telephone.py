"""What a telephone does to a voice: 8 kHz, a narrow band, G.711, noise, level and clipping."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray

Signal = NDArray[np.float64]

RATE = 8000
PEAK = 32_000.0
# Transforms of such lengths are quick; those of awkward lengths take ten times as long.
_FFT_BLOCK = 2048


def to_telephone_rate(samples: NDArray[np.int16], rate: float) -> Signal:
    """Resample to 8 kHz. A `rate` above the true one makes the speech faster and higher."""
    return np.asarray(soxr.resample(samples.astype(np.float64), rate, RATE, "HQ"), np.float64)


def with_peak(signal: Signal, peak: float) -> Signal:
    """Scale so that the loudest sample is `peak`; silence stays silence."""
    loudest = float(np.abs(signal).max(initial=0.0))
    return signal * (peak / loudest) if loudest else signal


def _shaped(signal: Signal, gain: Callable[[NDArray[np.floating[Any]]], NDArray[np.floating[Any]]]) -> Signal:
    """Multiply the spectrum by the gain at every frequency in Hz."""
    padded = -(-len(signal) // _FFT_BLOCK) * _FFT_BLOCK
    spectrum = np.fft.rfft(signal, padded) * gain(np.fft.rfftfreq(padded, 1 / RATE))
    return np.fft.irfft(spectrum, padded)[: len(signal)]


def band_limited(signal: Signal, low: float, high: float) -> Signal:
    """Keep `low` to `high` Hz, with the soft edges of a telephone line."""
    return _shaped(signal, lambda hz: 1 / (1 + np.exp(-(hz - low) / 25)) / (1 + np.exp((hz - high) / 60)))


def tilted(signal: Signal, decibels: float) -> Signal:
    """Raise (or lower) the spectrum steadily, by `decibels` at 4 kHz."""
    return _shaped(signal, lambda hz: 10 ** (decibels / 20 * hz / (RATE / 2)))


class _Quantiser(NamedTuple):
    """Loudness from `edges[i]` up to the next edge is sent as code i and heard as `levels[i]`."""

    edges: NDArray[np.int64]
    levels: NDArray[np.int64]


def _quantiser(law: str) -> _Quantiser:
    codes = np.arange(128)
    segment, step = codes >> 4, codes & 15
    if law == "mu":
        return _Quantiser(((16 + step) << (segment + 3)) - 132, ((33 + 2 * step) << (segment + 2)) - 132)
    if law == "a":
        first = segment == 0
        shift = np.maximum(segment, 1) + 3
        return _Quantiser((16 * ~first + step) << shift, (32 * ~first + 2 * step + 1) << (shift - 1))
    raise ValueError(f"no such G.711 law: {law!r}")


_QUANTISERS = {law: _quantiser(law) for law in ("mu", "a")}


def through_g711(signal: Signal, law: str) -> Signal:
    """Encode and decode by ITU-T G.711, `law` being "mu" or "a": 16-bit values in, 16-bit values out."""
    quantiser = _QUANTISERS[law]
    loudness = np.abs(np.clip(np.round(signal), -32768, 32767))
    codes = np.searchsorted(quantiser.edges[1:], loudness, side="right")
    return np.asarray(np.sign(signal) * quantiser.levels[codes])


def _coloured(count: int, rng: np.random.Generator, power: float) -> Signal:
    return _shaped(rng.standard_normal(count), lambda hz: np.maximum(hz, 20) ** -power)


def _hum(count: int, rng: np.random.Generator) -> Signal:
    times = np.arange(count) / RATE
    harmonics = [
        rng.uniform(0.1, 1) * np.sin(2 * np.pi * 50 * h * times + rng.uniform(0, 6)) for h in range(1, 8)
    ]
    return np.asarray(np.sum(harmonics, axis=0))


def _street(count: int, rng: np.random.Generator) -> Signal:
    knots = max(4, count // 4000)
    swell = np.interp(np.arange(count), np.linspace(0, count, knots), rng.uniform(0.2, 1.5, knots))
    return _coloured(count, rng, 1.0) * swell + 0.02 * _coloured(count, rng, 0.5) * swell[::-1]


NOISES: dict[str, Callable[[int, np.random.Generator], Signal]] = {
    "white": lambda count, rng: rng.standard_normal(count),
    "pink": lambda count, rng: _coloured(count, rng, 0.5),
    "brown": lambda count, rng: _coloured(count, rng, 1.0),
    "hum": _hum,
    "street": _street,
}


def babble(
    voices: list[Signal], count: int, rng: np.random.Generator, fewest: int = 3, most: int = 6
) -> Signal:
    """Several of the voices talking at once."""
    mixture = np.zeros(count)
    for _ in range(int(rng.integers(fewest, most + 1))):
        voice = voices[int(rng.integers(len(voices)))]
        looped = np.tile(voice, count // len(voice) + 2)
        offset = int(rng.integers(len(looped) - count))
        mixture += looped[offset : offset + count]
    return mixture


def with_noise(speech: Signal, noise: Signal, decibels: float) -> Signal:
    """Add the noise, `decibels` below the speech (measured where somebody speaks)."""
    noise = band_limited(noise, 150, 3700)
    loud = np.abs(speech) > 0.02 * np.abs(speech).max()
    power = float(np.mean(speech[loud] ** 2)) if loud.any() else 1.0
    gain = np.sqrt(power / 10 ** (decibels / 10) / (np.mean(noise**2) + 1e-9))
    return np.asarray(speech + noise * gain)
