"""What of a transcript, and of a track, is kept from those who may not know who the citizen is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.redaction.kinds import PLACEHOLDERS, Finding
from hotline.redaction.rules import Said, find_in_conversation, masked, silences
from hotline.transcripts.models import EarlierTranscript, Recording, RecordingState, Segment, Speaker, Track
from hotline.transcripts.queries import conversation, earlier_conversation


@dataclass(frozen=True)
class Line:
    """A piece of a conversation as it may be read. `words` are `[word, start_s, end_s, ...]`."""

    speaker: Speaker
    start_s: float
    end_s: float
    text: str
    words: Sequence[Sequence[Any]]


def readable(recording: Recording, sees_identity: bool) -> list[Line]:
    """The conversation, with personal words masked unless `sees_identity`."""
    said = conversation(recording)
    lines = [Line(who, s.start_s, s.end_s, s.text, s.words) for who, s in said]
    return lines if sees_identity else _masked(lines, [_track_name(s.track) for _, s in said])


def readable_earlier(recording: Recording, earlier: EarlierTranscript, sees_identity: bool) -> list[Line]:
    """The same of a transcript that was superseded."""
    said = earlier_conversation(recording, earlier)
    lines = [Line(who, s["start_s"], s["end_s"], s["text"], s["words"]) for who, s in said]
    return lines if sees_identity else _masked(lines, [_earlier_name(s) for _, s in said])


def can_be_silenced(recording: Recording) -> bool:
    """Whether it is known what in the sound is personal: only as long as there is a text."""
    return recording.state is RecordingState.DONE and recording.text_deleted_at is None


def silent_spans(track: Track) -> Sequence[tuple[float, float]] | None:
    """When nothing may be heard, in seconds of the track; None where nobody knows (`can_be_silenced`)."""
    if not can_be_silenced(track.recording):
        return None
    pieces = [_said(segment) for _, segment in conversation(track.recording)]
    of = None if track.speaker is Speaker.MIX else _track_name(track)
    spans = [(start - track.starts_s, end - track.starts_s) for start, end in silences(pieces, of)]
    return [(max(0.0, start), end) for start, end in spans if end > 0]


def _said(segment: Segment) -> Said:
    words = tuple((word, start_s, end_s) for word, start_s, end_s, *_ in segment.words)
    return Said(_track_name(segment.track), segment.text, words, (segment.start_s, segment.end_s))


def _track_name(track: Track) -> str:
    """Third parties share a kind of speaker, not a track."""
    return f"{track.id}"


def _earlier_name(said: Mapping[str, Any]) -> str:
    return f"{said['track_id']}"


def _masked(lines: Sequence[Line], names: Sequence[str]) -> list[Line]:
    pieces = [Said(name, line.text) for line, name in zip(lines, names, strict=True)]
    found = find_in_conversation(pieces)
    return [
        Line(
            line.speaker,
            line.start_s,
            line.end_s,
            masked(line.text, findings),
            _masked_words(line.text, line.words, findings),
        )
        for line, findings in zip(lines, found, strict=True)
    ]


def _masked_words(
    text: str, words: Sequence[Sequence[Any]], findings: Sequence[Finding]
) -> list[Sequence[Any]]:
    """The words with a placeholder at the first character of every finding, and none of its others."""
    kept: list[Sequence[Any]] = []
    place = 0
    for word, *times in words:
        begins = text.find(word, place)
        start = place if begins < 0 else begins
        place = start + len(word)
        left = "".join(_shown(text, at, findings) for at in range(start, place))
        if left:
            kept.append([left, *times])
    return kept


def _shown(text: str, at: int, findings: Sequence[Finding]) -> str:
    for finding in findings:
        if finding.start <= at < finding.end:
            return PLACEHOLDERS[finding.kind] if at == finding.start else ""
    return text[at : at + 1]
