"""The audio files of a finished call in the spool. Layout: `YYYY/MM/DD/<linkedid>/<track>.wav`."""

import hashlib
import re
import struct
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile
from ivr.cel import CallStory

HEADER_BYTES = 44
BYTES_A_SECOND = 16_000  # 8 kHz, 16 bits, mono: what MixMonitor writes into .wav

_LINKEDID = re.compile(r"\d{9,12}\.\d{1,10}")
_AGENT_TRACK = re.compile(r"agent-(?P<uniqueid>[A-Za-z0-9.-]+)\.wav")
_FIXED = {"caller.wav": Speaker.CALLER, "mix.wav": Speaker.MIX}


class TracksGrowing(Exception):
    """Asterisk has not closed every file of this call yet."""


def folder_of(linkedid: str, zone: ZoneInfo) -> str | None:
    """The call's folder below the spool, by the city's day of its beginning; None if it can have none."""
    if not _LINKEDID.fullmatch(linkedid):
        return None
    day = datetime.fromtimestamp(int(linkedid.partition(".")[0]), zone)
    return f"{day:%Y/%m/%d}/{linkedid}"


def tracks_of(spool: Path, folder: str, story: CallStory, closed: bool = False) -> list[TrackFile]:
    """The speakers' tracks and the mix. Raises `TracksGrowing` until all are complete.

    With `closed` it is known that nobody writes any more, whatever the headers say (Asterisk was killed).
    """
    found = []
    for path in sorted((spool / folder).glob("*.wav")):
        speaker = _speaker(path.name)
        if speaker is None:
            continue
        size = path.stat().st_size
        if not closed and not _is_complete(path, size):
            raise TracksGrowing(path.name)
        if size > HEADER_BYTES:
            seconds = (size - HEADER_BYTES) / BYTES_A_SECOND
            starts = _starts_s(path.name, story)
            found.append(TrackFile(speaker, f"{folder}/{path.name}", seconds, starts, _sha256(path)))
    return found


def _speaker(name: str) -> Speaker | None:
    return Speaker.AGENT if _AGENT_TRACK.fullmatch(name) else _FIXED.get(name)


def _starts_s(name: str, story: CallStory) -> float:
    """Seconds from the start of the caller's track, which begins as the call is answered."""
    agent = _AGENT_TRACK.fullmatch(name)
    leg = story.agents.get(agent["uniqueid"]) if agent else None
    if leg is None or leg.answered_at is None or story.answered_at is None:
        return 0.0
    return max(0.0, (leg.answered_at - story.answered_at).total_seconds())


def _is_complete(path: Path, size: int) -> bool:
    """Asterisk writes the length of the samples into the header as it closes the file."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return False
    (samples,) = struct.unpack_from("<I", header, 40)
    return int(samples) == size - HEADER_BYTES


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
