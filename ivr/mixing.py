"""The mix of a call in which more than two people spoke, made of the speakers' own tracks.

Asterisk's own mix can lose a side once a bridge of three becomes one of two again (decision 0022): every
speaker's track is whole, so the mix is made anew of them.
"""

import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile
from ivr.track_checks import HEADER_BYTES, look_at

_RATE = 8_000
_LARGEST = 32_767
_BEYOND_TWO = (Speaker.THIRD, Speaker.SUPERVISOR)


def needs_a_mix(tracks: Iterable[TrackFile]) -> bool:
    """Whether Asterisk's own mix may lack somebody."""
    return any(track.speaker in _BEYOND_TWO for track in tracks)


def write_mix(spool: Path, tracks: Iterable[TrackFile], mix: str) -> TrackFile:
    """Add up the speakers' tracks (8 kHz, 16 bits, mono), each from its `starts_s` on, and put the sum into
    the place of `mix`, a path below the spool. Returns it as a track that begins where the others' time does.

    Raises `OSError` on a full disk; then the old mix stays.
    """
    speakers = [track for track in tracks if track.speaker is not Speaker.MIX]
    spoken = [(track.starts_s, _samples(spool / track.path)) for track in speakers]
    length = max(round(starts * _RATE) + len(samples) for starts, samples in spoken)
    whole = np.zeros(length, np.int32)
    for starts, samples in spoken:
        begin = round(starts * _RATE)
        whole[begin : begin + len(samples)] += samples
    place = spool / mix
    draft = place.with_suffix(".draft")
    with wave.open(str(draft), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(np.clip(whole, -_LARGEST - 1, _LARGEST).astype("<i2").tobytes())
    draft.replace(place)
    seconds, look = length / _RATE, look_at(place)
    return TrackFile(
        Speaker.MIX, mix, seconds, 0.0, look.sha256, look.samples_sha256, look.findings(seconds, None)
    )


def _samples(path: Path) -> NDArray[np.int16]:
    """The sound behind the header, whatever length a header that was never finished tells."""
    data = path.read_bytes()[HEADER_BYTES:]
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2")
