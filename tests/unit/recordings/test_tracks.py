"""The spool: which paths it opens and which files it understands."""

from pathlib import Path

import numpy as np
import pytest

from recordings.tracks import Spool, TrackError, parse_wav
from tests.unit.recordings.wav import tone, wav

TRACK = "2026/11/21/1700000000.12/caller.wav"


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def lay(spool: Spool, content: bytes, track: str = TRACK) -> None:
    path = spool.root / track
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_track_is_read_with_its_length_and_loudness(spool: Spool) -> None:
    lay(spool, wav(tone(1.5, amplitude=16_384)))
    audio = spool.read(TRACK)
    assert audio.rate == 8000
    assert audio.seconds == 1.5
    assert audio.peak == pytest.approx(0.5, abs=0.001)
    assert not audio.is_silent


@pytest.mark.parametrize("claimed", [0, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_file_whose_writer_died_is_read_to_its_end(spool: Spool, claimed: int) -> None:
    lay(spool, wav(tone(2), claimed=claimed))
    assert spool.read(TRACK).seconds == 2


def test_an_odd_last_byte_is_left_out(spool: Spool) -> None:
    lay(spool, wav(tone(1), claimed=0) + b"\x01")
    assert spool.read(TRACK).seconds == 1


def test_line_noise_is_silence(spool: Spool) -> None:
    lay(spool, wav(np.full(8000, 8, np.int16)))
    assert spool.read(TRACK).is_silent


def test_the_loudest_negative_sample_does_not_overflow() -> None:
    assert parse_wav(wav(np.full(100, -32_768, np.int16))).peak == 1.0


def test_a_track_without_samples_is_empty_and_silent() -> None:
    audio = parse_wav(wav(np.zeros(0, np.int16)))
    assert (audio.seconds, audio.peak, audio.is_silent) == (0.0, 0.0, True)


@pytest.mark.parametrize(
    "path",
    [
        "../2026/11/21/1.1/caller.wav",
        "2026/11/21/../../../../etc/passwd",
        "/etc/passwd",
        "2026/11/21/../caller.wav",
        "2026/11/21/.hidden/caller.wav",
        "2026/11/21/1700000000.12/caller.mp3",
        "2026/11/21/1700000000.12/caller.wav\n",
        "2026/11/21/1700000000.12/agent-../x.wav",
        "",
    ],
)
def test_no_path_leads_out_of_the_layout(spool: Spool, path: str) -> None:
    with pytest.raises(TrackError):
        spool.path_of(path)


def test_a_link_out_of_the_spool_is_not_followed(spool: Spool, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "caller.wav").write_bytes(wav(tone(1)))
    day = spool.root / "2026/11/21"
    day.mkdir(parents=True)
    (day / "1700000000.12").symlink_to(outside)
    with pytest.raises(TrackError, match="out of the spool"):
        spool.read(TRACK)


def test_agents_have_tracks_of_their_own(spool: Spool) -> None:
    assert spool.path_of("2026/11/21/1700000000.12/agent-1700000003.14.wav").is_absolute()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "an empty file"),
        (b"RIFF\0\0\0\0WAVE", "without samples"),
        (b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\0\0data\0\0\0\0", "readable format"),
        (wav(tone(1), rate=1), "impossible sample rate"),
        (b"ID3" + b"\0" * 100, "not a sound file"),
    ],
)
def test_what_is_not_a_track_is_named(spool: Spool, content: bytes, problem: str) -> None:
    lay(spool, content)
    with pytest.raises(TrackError, match=problem):
        spool.read(TRACK)


def test_a_track_that_is_not_there(spool: Spool) -> None:
    with pytest.raises(TrackError, match="FileNotFoundError"):
        spool.read(TRACK)
