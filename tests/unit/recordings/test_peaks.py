"""Levels of a track: how loud, quiet where somebody may not hear, kept beside the track as it is kept."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.transcripts.ports import NoSuchTrack
from recordings.peaks import without
from recordings.tracks import Spool

TRACK = "2026/11/29/one.1/caller.wav"
KEY = bytes(range(32))


def written(root: Path, rate: int = 8000) -> Path:
    """Eleven and a half seconds: loud in the second fifth of the eleventh second, else silent."""
    samples = np.zeros(round(11.5 * rate), np.int16)
    samples[round(10.3 * rate)] = -32768
    file = root / TRACK
    file.parent.mkdir(parents=True)
    soundfile.write(file, samples, rate, subtype="PCM_16")
    return file


@pytest.mark.parametrize("rate", [8000, 11_025, 44_100])
def test_the_loudest_of_each_fifth_of_a_second(tmp_path: Path, rate: int) -> None:
    written(tmp_path, rate)
    peaks = Spool(tmp_path).peaks(TRACK)
    assert len(peaks) == 58  # 11.5 s, the last fifth begun
    assert [place for place, level in enumerate(peaks) if level] == [51]
    assert peaks[51] == 255


def test_nothing_is_left_of_a_fifth_that_touches_silence() -> None:
    assert without(b"\x09" * 10, [(0.5, 0.61), (1.9, 9.0)]) == bytes([9, 9, 0, 0, 9, 9, 9, 9, 9, 0])
    assert without(b"\x09" * 3, [(-1.0, 0.1), (7.0, 9.0)]) == bytes([0, 9, 9])


@pytest.mark.parametrize("keys", [(), (KEY,)])
def test_they_are_computed_once_and_kept_as_the_track_is(tmp_path: Path, keys: tuple[bytes, ...]) -> None:
    spool, file = Spool(tmp_path, keys), written(tmp_path)
    first = spool.peaks(TRACK)
    (kept,) = set(file.parent.iterdir()) - {file}
    assert (kept.read_bytes() == first) is (not keys)
    file.unlink()  # whatever is told now was kept
    assert spool.peaks(TRACK) == first
    assert not any(spool.peaks(TRACK, [(10.0, 11.0)]))
    assert spool.peaks(TRACK) == first


def test_what_was_kept_and_cannot_be_opened_is_made_anew(tmp_path: Path) -> None:
    first, file = Spool(tmp_path, [KEY]).peaks, written(tmp_path)
    peaks = first(TRACK)
    file.with_name("caller.peaks.enc").write_bytes(b"broken")
    assert Spool(tmp_path, [KEY]).peaks(TRACK) == peaks


def test_a_track_that_is_not_there_has_none(tmp_path: Path) -> None:
    for path in (TRACK, "../caller.wav"):
        with pytest.raises(NoSuchTrack):
            Spool(tmp_path).peaks(path)
