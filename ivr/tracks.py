"""The audio files of a finished call in the spool. Layout: `YYYY/MM/DD/<linkedid>/<track>.wav`."""

import re
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hotline.transcripts.models import Speaker
from hotline.transcripts.service import TrackFile
from ivr.cel import CITIZENS_CONTEXT, CallStory
from ivr.moment import began_at
from ivr.track_checks import BYTES_A_SECOND, HEADER_BYTES, SILENCE_ALLOWED, look_at

CALLER = "caller.wav"
MIX = "mix.wav"
MESSAGE = "message.wav"
COMMENT = "comment.wav"
SHORTEST_MESSAGE_SECONDS = 1.0
SHORTEST_WITHOUT_RECORDING = timedelta(seconds=1)

_ONE_LEG = re.compile(r"(?P<who>agent|expert)-(?P<uniqueid>[A-Za-z0-9.-]+)\.wav")
# One each time that the supervisor took part: the second ends in -2.
_SUPERVISORS = re.compile(
    r"supervisor-(?P<uniqueid>(?:[a-z][a-z0-9]{0,11}-)?monitor-\d+\.\d+)(?:-(?P<turn>\d+))?\.wav"
)
_FIXED = {
    CALLER: Speaker.CALLER,
    MIX: Speaker.MIX,
    MESSAGE: Speaker.MESSAGE,
    COMMENT: Speaker.COMMENT,
}


class TracksGrowing(Exception):
    """Asterisk has not closed every file of this call yet."""


def folder_of(linkedid: str, zone: ZoneInfo) -> str | None:
    """The call's folder below the spool, by the city's day of its beginning; None if it can have none."""
    began = began_at(linkedid)
    return f"{began.astimezone(zone):%Y/%m/%d}/{linkedid}" if began else None


def last_written(spool: Path, folder: str) -> datetime | None:
    """When sound was last written into the call's folder; None if there is none."""
    written = [path.stat().st_mtime for path in (spool / folder).glob("*.wav")]
    return datetime.fromtimestamp(max(written), UTC) if written else None


def tracks_of(spool: Path, folder: str, story: CallStory, closed: bool = False) -> list[TrackFile]:
    """The speakers' tracks and the mix. Raises `TracksGrowing` until all are complete.

    With `closed` it is known that nobody writes any more, whatever the headers say (Asterisk was killed).
    """
    seconds: dict[str, float] = {}
    for path in sorted((spool / folder).glob("*.wav")):
        size = path.stat().st_size
        if _speaker(path.name) is None:
            continue
        if not closed and not _is_complete(path, size):
            raise TracksGrowing(path.name)
        if size > HEADER_BYTES:
            seconds[path.name] = (size - HEADER_BYTES) / BYTES_A_SECOND
    spoken = seconds.get(MIX) or seconds.get(CALLER) or 0.0
    begin = _begin(story.ended_at, spoken + seconds.get(MESSAGE, 0.0))
    starts = {
        name: spoken if name in (MESSAGE, COMMENT) else _starts_s(name, length, story, begin)
        for name, length in seconds.items()
    }
    whole = MESSAGE not in seconds and COMMENT not in seconds  # else the citizen's own track ends before
    return [
        _track(spool, f"{folder}/{name}", length, starts[name], _leg_s(name, story, whole))
        for name, length in seconds.items()
    ]


def has_message(tracks: list[TrackFile]) -> bool:
    """Whether the caller has said something into the message box."""
    return any(t.speaker is Speaker.MESSAGE and t.seconds >= SHORTEST_MESSAGE_SECONDS for t in tracks)


def lost_s(story: CallStory, tracks: list[TrackFile]) -> float:
    """Seconds of the call that should have been recorded and were not (a full disk); 0.0 if all is well."""
    if story.answered_at is None or story.ended_at is None:
        return 0.0
    recorded = timedelta(seconds=max((track.starts_s + track.seconds for track in tracks), default=0.0))
    lost = story.ended_at - story.answered_at - recorded
    allowed = SILENCE_ALLOWED if tracks else SHORTEST_WITHOUT_RECORDING
    return lost.total_seconds() if lost > allowed else 0.0


def _track(spool: Path, path: str, seconds: float, starts_s: float, leg_s: float | None) -> TrackFile:
    speaker = _speaker(path.rpartition("/")[2])
    assert speaker is not None  # noqa: S101  tracks_of() took no other
    look = look_at(spool / path)
    findings = look.findings(seconds, leg_s)
    return TrackFile(speaker, path, seconds, starts_s, look.sha256, look.samples_sha256, findings)


def _leg_s(name: str, story: CallStory, whole: bool) -> float | None:
    """How long the leg lasted that a track was made of, from its answer on; None where no leg says it."""
    begin = end = None
    if name in (CALLER, MIX) and whole and story.context == CITIZENS_CONTEXT:
        begin, end = story.answered_at, story.ended_at
    elif (found := _ONE_LEG.fullmatch(name)) and (leg := story.agents.get(found["uniqueid"])):
        begin, end = leg.answered_at, leg.ended_at
    return (end - begin).total_seconds() if begin and end else None


def _speaker(name: str) -> Speaker | None:
    if _SUPERVISORS.fullmatch(name):
        return Speaker.SUPERVISOR
    found = _ONE_LEG.fullmatch(name)
    if found is None:
        return _FIXED.get(name)
    return Speaker.AGENT if found["who"] == "agent" else Speaker.THIRD


def _begin(ended_at: datetime | None, seconds: float | None) -> datetime | None:
    """When a track begins: Asterisk starts it at the first sound, but always ends it with its channel."""
    if ended_at is None or not seconds:
        return None
    return ended_at - timedelta(seconds=seconds)


def _starts_s(name: str, seconds: float, story: CallStory, begin: datetime | None) -> float:
    """Seconds from the beginning of the call's recording."""
    found = _ONE_LEG.fullmatch(name)
    starts = _begin(story.gone_at(found["uniqueid"]), seconds) if found else _joined_at(name, story)
    if begin is None or starts is None:
        return 0.0
    return max(0.0, round((starts - begin).total_seconds(), 3))


def _joined_at(name: str, story: CallStory) -> datetime | None:
    """When a supervisor came into the room: the track begins with that, and ends before the channel."""
    found = _SUPERVISORS.fullmatch(name)
    if found is None:
        return None
    leg = [row.at for row in story.rows if row.uniqueid == found["uniqueid"] and row.event == "BRIDGE_ENTER"]
    turn = int(found["turn"] or 1)
    return leg[turn - 1] if len(leg) >= turn else None


def _is_complete(path: Path, size: int) -> bool:
    """Asterisk writes the length of the samples into the header as it closes the file."""
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return False
    (samples,) = struct.unpack_from("<I", header, 40)
    return int(samples) == size - HEADER_BYTES
