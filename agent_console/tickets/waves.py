"""Waveforms of a recording, one a speaker, all on the time of the call; and when nobody speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_console.house import house
from agent_console.tickets.audio import unheard
from hotline.tickets.models import Ticket
from hotline.transcripts.models import Recording, Speaker, Track
from hotline.transcripts.pauses import pauses
from hotline.transcripts.ports import PEAKS_PER_SECOND, NoSuchTrack

WIDTH, HEIGHT = 1000, 40
MOST_BARS = 500
QUIETEST = 16  # of 255: the codec's own noise does not fill a silent speaker's row


@dataclass(frozen=True)
class Wave:
    """One speaker's row. `path` is that of an SVG of WIDTH by HEIGHT; None where the file cannot be read."""

    speaker: Speaker
    path: str | None


@dataclass(frozen=True)
class Waves:
    """The rows of a recording that lasts `seconds`."""

    seconds: float
    rows: Sequence[Wave]


def waves_of(ticket: Ticket, recording: Recording) -> Waves:
    """As whoever is signed in may hear them; 403 where that is nothing yet. The mix only if it is alone."""
    seconds = length_of(recording)
    tracks = [track for track in recording.tracks if track.speaker is not Speaker.MIX] or recording.tracks
    rows = [Wave(track.speaker, _path(ticket, track, track.starts_s, seconds)) for track in tracks]
    return Waves(seconds, rows)


def wave_of(ticket: Ticket, track: Track) -> Waves:
    """One track alone, on its own time: of a message. 403 as `waves_of`."""
    return Waves(track.seconds, [Wave(track.speaker, _path(ticket, track, 0.0, track.seconds))])


def pauses_of(recording: Recording) -> str:
    """Silences of more than a moment as `5.30-9.70 …`, in seconds of the call; "" where there is none."""
    spoken = [(said.start_s, said.end_s) for track in recording.tracks for said in track.segments]
    silent = pauses(spoken, length_of(recording))
    return " ".join(f"{begin:.2f}-{end:.2f}" for begin, end in silent)


def length_of(recording: Recording) -> float:
    """Seconds from the recording's start to the end of its last track."""
    return max((track.starts_s + track.seconds for track in recording.tracks), default=0.0)


def drawn(peaks: bytes, starts_s: float, seconds: float) -> str:
    """Bars around the middle, the loudest as high as the row; a line where it is quiet."""
    scale = (HEIGHT / 2 - 1) / max([QUIETEST, *peaks])
    together = max(1, round(seconds * PEAKS_PER_SECOND / MOST_BARS))
    bars = []
    for first in range(0, len(peaks), together):
        x = WIDTH * (starts_s + first / PEAKS_PER_SECOND) / seconds
        half = 0.5 + scale * max(peaks[first : first + together])
        bars.append(f"M{x:.1f} {HEIGHT / 2 - half:.1f}v{2 * half:.1f}")
    return "".join(bars)


def _path(ticket: Ticket, track: Track, starts_s: float, seconds: float) -> str | None:
    silent = unheard(ticket, track)
    try:
        peaks = house().audio.peaks(track.path, silent)
    except NoSuchTrack:
        return None
    return drawn(peaks, starts_s, seconds) if seconds else ""
