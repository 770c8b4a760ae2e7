"""Calls whose tracks lie in the spool."""

from hotline.calls.service import open_call
from hotline.context import Context
from hotline.transcripts.models import Recording, RecordingState, Speaker
from hotline.transcripts.service import TrackFile, register_recording

LINKEDID = "1700000000.12"
FOLDER = f"2026/11/21/{LINKEDID}"
AGENT_STARTS = 4.0


def record(context: Context, tracks: dict[str, bytes], linkedid: str = LINKEDID) -> int:
    """A call whose tracks lie in the spool, registered; returns the recording's id."""
    open_call(context, linkedid, "13800001234", "12345")
    place = f"2026/11/21/{linkedid}"
    folder = context.settings.spool_dir / place
    folder.mkdir(parents=True)
    files = []
    for name, content in tracks.items():
        (folder / f"{name}.wav").write_bytes(content)
        speaker = Speaker.AGENT if name.startswith("agent") else Speaker(name)
        starts = AGENT_STARTS if speaker is Speaker.AGENT else 0.0
        files.append(TrackFile(speaker, f"{place}/{name}.wav", len(content) / 16_000, starts))
    recording_id = register_recording(context, linkedid, place, files)
    assert recording_id is not None
    return recording_id


def outcome(context: Context, recording_id: int) -> tuple[RecordingState, str, dict[Speaker, str]]:
    """State, failure, and what each track's speaker said."""
    with context.reading() as session:
        recording = session.get_one(Recording, recording_id)
        said = {track.speaker: "".join(s.text for s in track.segments) for track in recording.tracks}
        return recording.state, recording.failure, said


def paths(context: Context, recording_id: int) -> list[str]:
    """Where the tracks lie now."""
    with context.reading() as session:
        return [track.path for track in session.get_one(Recording, recording_id).tracks]
