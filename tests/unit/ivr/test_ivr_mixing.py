"""The mix of several speakers, made of their own tracks."""

from pathlib import Path

import numpy as np
import pytest

from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile
from ivr.mixing import needs_a_mix, write_mix
from ivr.track_checks import look_at
from tests.telephony.sounds import read_wave, tone_seconds, write_tone


def track(spool: Path, speaker: Speaker, hertz: int, seconds: float, starts_s: float) -> TrackFile:
    write_tone(spool / f"{speaker}.wav", hertz, seconds)
    return TrackFile(speaker, f"{speaker}.wav", seconds, starts_s, "")


@pytest.fixture
def tracks(tmp_path: Path) -> list[TrackFile]:
    return [
        track(tmp_path, Speaker.CALLER, 500, 2.0, 0.0),
        track(tmp_path, Speaker.AGENT, 900, 1.0, 2.0),
        track(tmp_path, Speaker.THIRD, 1500, 1.0, 3.0),
        track(tmp_path, Speaker.MIX, 2500, 1.0, 0.0),
    ]


def test_everybody_is_heard_where_they_spoke(tmp_path: Path, tracks: list[TrackFile]) -> None:
    mix = tmp_path / "mix.wav"
    made = write_mix(tmp_path, tracks, "mix.wav")
    assert (made.speaker, made.path, made.seconds, made.starts_s) == (Speaker.MIX, "mix.wav", 4.0, 0.0)
    assert made.sha256 == look_at(mix).sha256
    assert len(read_wave(mix)) == 4 * 8000
    assert [tone_seconds(mix, hertz) for hertz in (500, 900, 1500, 2500)] == pytest.approx([2, 1, 1, 0])


def test_two_who_speak_at_once_are_added_and_clipped_at_most(tmp_path: Path) -> None:
    both = [track(tmp_path, speaker, 500, 1.0, 0.0) for speaker in (Speaker.CALLER, Speaker.THIRD)]
    write_mix(tmp_path, both, "mix.wav")
    assert np.abs(read_wave(tmp_path / "mix.wav")).max() == pytest.approx(1.0, abs=0.001)


def test_only_a_call_of_more_than_two_needs_another_mix(tracks: list[TrackFile]) -> None:
    assert needs_a_mix(tracks)
    assert not needs_a_mix([one for one in tracks if one.speaker is not Speaker.THIRD])
