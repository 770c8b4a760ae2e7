"""What was said, as the player shows it: words with their times, faults of tracks, marks of the sought."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from agent_console.labels import SPEAKERS, Labels
from agent_console.times import minutes_and_seconds
from agent_console.words import _, _l
from hotline.transcripts.models import Fault, Recording

_LATIN = re.compile(r"[A-Za-z0-9]")

FAULTS: Labels = {
    Fault.SILENT: _l("没有声音"),
    Fault.CLIPPED: _l("声音过大，有失真"),
    Fault.SHORT: _l("比通话短"),
    Fault.LONG: _l("比通话长"),
}


@dataclass(frozen=True)
class Word:
    """A word and when it was said, in seconds of the call; with a space in front between Latin words."""

    text: str
    start: float
    end: float


def words_of(words: Sequence[Sequence[Any]]) -> list[Word]:
    """The words of a segment, `[word, start_s, end_s, confidence]` each."""
    shown: list[Word] = []
    for word, start, end, *_rest in words:
        latin = bool(shown) and bool(_LATIN.match(word)) and bool(_LATIN.match(shown[-1].text[-1]))
        shown.append(Word(f" {word}" if latin else str(word), float(start), float(end)))
    return shown


def spans_of(words: Sequence[Sequence[Any]]) -> Markup:
    """The same for the page, each with its times: not by the template, for a call has thousands."""
    spans = (
        f'<span data-word="{word.start:.2f}" data-until="{word.end:.2f}">{escape(word.text)}</span>'
        for word in words_of(words)
    )
    return Markup("".join(spans))  # noqa: S704 (numbers, and texts that are escaped)


def faults_of(recording: Recording) -> list[str]:
    """Sentences about tracks that are not as they should be: `坐席：比通话短，少 00:12`."""
    return [
        _("%(who)s：%(what)s", who=SPEAKERS[track.speaker], what=_fault(finding))
        for track in recording.tracks
        for finding in track.findings
    ]


def _fault(finding: Mapping[str, Any]) -> str:
    what = str(FAULTS[Fault(finding["fault"])])
    seconds = finding.get("seconds")
    return f"{what} {minutes_and_seconds(seconds)}" if seconds is not None else what


def marked(text: str, query: str) -> Markup:
    """The text with what was sought made visible."""
    parts = [re.escape(part) for part in query.split()]
    if not parts:
        return escape(text)
    pieces = re.split(f"({'|'.join(parts)})", text, flags=re.IGNORECASE)
    return Markup().join(
        Markup("<mark>{}</mark>").format(piece) if at % 2 else escape(piece)
        for at, piece in enumerate(pieces)
    )
