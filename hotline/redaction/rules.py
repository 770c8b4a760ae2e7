"""All that is personal in a text or a conversation; the text without it; and when not to be heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.redaction.digits import find_numbers
from hotline.redaction.kinds import PLACEHOLDERS, Finding, Kind
from hotline.redaction.names import find_names
from hotline.redaction.places import find_doors, find_plates

# Of two findings at one place the more telling stays.
_ORDER = (Kind.ID_CARD, Kind.BANK_CARD, Kind.PLATE, Kind.PHONE, Kind.DOOR, Kind.NAME)
_CONTEXT = 30  # characters of another speaker's words that may ask for what follows


def find(text: str, before: str = "") -> list[Finding]:
    """What is personal in the text, in order and without overlaps. `before` is what was said just before."""
    candidates = [
        *find_numbers(text, before),
        *find_plates(text),
        *find_doors(text),
        *find_names(text, before),
    ]
    kept: list[Finding] = []
    for finding in sorted(candidates, key=lambda f: (_ORDER.index(f.kind), f.start, -f.end)):
        if all(finding.end <= other.start or finding.start >= other.end for other in kept):
            kept.append(finding)
    return sorted(kept)


def masked(text: str, findings: Sequence[Finding] | None = None) -> str:
    """The text with a word for its kind in the place of every finding (by default the text's own)."""
    for finding in reversed(find(text) if findings is None else sorted(findings)):
        text = text[: finding.start] + PLACEHOLDERS[finding.kind] + text[finding.end :]
    return text


@dataclass(frozen=True)
class Said:
    """A piece of a conversation: who spoke, what, its words as `(word, start_s, end_s)`, and when in all."""

    speaker: str
    text: str
    words: Sequence[tuple[str, float, float]] = ()
    span: tuple[float, float] | None = None


def find_in_conversation(pieces: Sequence[Said]) -> list[list[Finding]]:
    """The findings of every piece. Pieces are in the order of time.

    Each speaker's words are read as one text, so that a number which is said in several pieces, while the
    other repeats it, is found; a question for the name or the number helps to see the answer.
    """
    found: list[list[Finding]] = [
        find(piece.text, _asked(pieces, place)) for place, piece in enumerate(pieces)
    ]
    for speaker in dict.fromkeys(piece.speaker for piece in pieces):
        places = [place for place, piece in enumerate(pieces) if piece.speaker == speaker]
        joined = " ".join(pieces[place].text for place in places)
        _share_out(find(joined), pieces, places, found)
    return [_without_overlaps(findings) for findings in found]


def _asked(pieces: Sequence[Said], place: int) -> str:
    before = pieces[place - 1] if place else None
    return before.text[-_CONTEXT:] if before and before.speaker != pieces[place].speaker else ""


def _share_out(
    findings: Sequence[Finding], pieces: Sequence[Said], places: Sequence[int], found: list[list[Finding]]
) -> None:
    """Findings of a speaker's joined text, given to the pieces that they touch."""
    offset = 0
    for place in places:
        length = len(pieces[place].text)
        for finding in findings:
            start, end = max(finding.start - offset, 0), min(finding.end - offset, length)
            if start < end:
                found[place].append(Finding(start, end, finding.kind))
        offset += length + 1


def _without_overlaps(findings: Sequence[Finding]) -> list[Finding]:
    """Overlapping findings become one, of the more telling kind."""
    merged: list[Finding] = []
    for finding in sorted(set(findings)):
        if merged and finding.start < merged[-1].end:
            last = merged[-1]
            kind = min(last.kind, finding.kind, key=_ORDER.index)
            merged[-1] = Finding(last.start, max(last.end, finding.end), kind)
        else:
            merged.append(finding)
    return merged


MARGIN_S = 0.15
"""Word times are no better than this; so much more is silenced on both sides."""


def silences(pieces: Sequence[Said], speaker: str | None = None) -> list[tuple[float, float]]:
    """When somebody says what is personal: seconds from the start of the recording, in order, not touching.

    Of one speaker, or of all (for a mix). A piece without word times is silenced as a whole.
    """
    spans = []
    for piece, findings in zip(pieces, find_in_conversation(pieces), strict=True):
        if speaker in (None, piece.speaker):
            spans += [_span(piece, finding) for finding in findings]
    return _joined(sorted(span for span in spans if span is not None))


def _span(piece: Said, finding: Finding) -> tuple[float, float] | None:
    place, touched = 0, []
    for word, start_s, end_s in piece.words:
        begins = piece.text.find(word, place)
        if begins < 0:
            begins = place
        place = begins + len(word)
        if begins < finding.end and place > finding.start:
            touched.append((start_s, end_s))
    if not touched:
        return piece.span  # without the words' times all of it
    return max(0.0, touched[0][0] - MARGIN_S), touched[-1][1] + MARGIN_S


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
