"""What is found out about a track when it is closed."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.track_checks import look_at
from tests.unit.recordings.wav import noise, tone, wav


def look(folder: Path, samples: NDArray[np.int16]):  # type: ignore[no-untyped-def]
    path = folder / "caller.wav"
    path.write_bytes(wav(samples))
    return look_at(path)


def test_both_hashes_are_those_of_the_file_and_of_its_samples(tmp_path: Path) -> None:
    samples = tone(130)  # more than two pieces of a minute
    seen = look(tmp_path, samples)
    assert seen.sha256 == hashlib.sha256(wav(samples)).hexdigest()
    assert seen.samples_sha256 == hashlib.sha256(samples.tobytes()).hexdigest()
    assert seen.findings(130.0, 131.0) == []


@pytest.mark.parametrize(
    ("samples", "findings"),
    [
        (np.full(80_000, 8, np.int16), [{"fault": "silent"}]),
        (np.zeros(0, np.int16), [{"fault": "silent"}]),
        (np.where(tone(10) > 4000, 32_124, 0).astype(np.int16), [{"fault": "clipped", "share": 0.335}]),
        (noise(10, amplitude=5000), []),
    ],
    ids=["line noise", "nothing", "overdriven", "loud enough"],
)
def test_silence_and_distortion_are_found(
    tmp_path: Path, samples: NDArray[np.int16], findings: list[dict[str, object]]
) -> None:
    assert look(tmp_path, samples).findings(10.0, 10.0) == findings


@pytest.mark.parametrize(
    ("leg_seconds", "findings"),
    [
        (None, []),
        (15.9, []),
        (16.2, [{"fault": "short", "seconds": 6}]),
        (70.0, [{"fault": "short", "seconds": 60}]),
        (7.0, [{"fault": "long", "seconds": 3}]),
    ],
)
def test_its_length_is_compared_with_its_leg(
    tmp_path: Path, leg_seconds: float | None, findings: list[dict[str, object]]
) -> None:
    assert look(tmp_path, tone(10)).findings(10.0, leg_seconds) == findings
