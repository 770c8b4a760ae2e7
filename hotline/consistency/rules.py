"""Findings from a call's text and its tickets, each with the second at which to listen. No database."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from hotline.suggestions.values import BREAK, CITIZENS, Field, Piece, Spoken, Suggestion
from hotline.tickets.states import TicketType, Urgency

LONG_SILENCE_S = 20.0
BOTH_TALK_S = 2.0
AGENT = "agent"
_SURE = 0.85
_SURE_OF_TYPE = 0.8
_LONGEST_WORDS = 60  # characters of another matter: enough to know it by
_GRAVITY = (Urgency.NORMAL, Urgency.URGENT, Urgency.FLASH)
_ACCUSING = (TicketType.COMPLAINT, TicketType.REPORT)
_OUTRIGHT = re.compile(r"(?:我|就|来|想)(?:要|想|来|是要)?(?:投诉|举报|检举)")
_ANOTHER = re.compile(
    r"还有(?:一件事|个事|一个事|一个问题|个问题)|另外(?:还有)?|再反映(?:一个|个)?|顺便(?:问|说|反映)"
)


class Kind(StrEnum):
    """What does not fit, or should be listened to."""

    PLACE_MISSING = "place_missing"
    TIME_MISSING = "time_missing"
    URGENCY_LOWER = "urgency_lower"
    COMPLAINT_AS_ENQUIRY = "complaint_as_enquiry"
    MATTER_MISSING = "matter_missing"
    LONG_SILENCE = "long_silence"
    BOTH_TALK = "both_talk"
    NOTICE_MISSING = "notice_missing"
    SENTENCE_MISSING = "sentence_missing"


PAUSES = (Kind.LONG_SILENCE, Kind.BOTH_TALK)
"""What a moment tells, and no value: how long it lasts is heard a little differently by every model."""


@dataclass(frozen=True)
class Finding:
    """`at_s` is the second of the call's recording; `words` what was said there, until `until_s`; `value`
    what it suggests.

    For silences and for both talking at once, `value` is how many seconds it lasts. For a missing notice it
    is a `Notice`, for a missing sentence the sentence's name (`hotline.consistency.sentences`).
    """

    kind: Kind
    at_s: float | None
    words: str = ""
    value: str = ""
    until_s: float | None = None


@dataclass(frozen=True)
class Recorded:
    """What a ticket of the call says."""

    type: TicketType | None
    category: str | None
    has_place: bool
    has_time: bool
    urgency: Urgency


CategoryOf = Callable[[str], str | None]
"""Words -> the category that they are of, None where that is not sure."""
Spans = Sequence[tuple[float, float]]
"""From and until, in seconds of the recording."""


def findings(
    pieces: Sequence[Piece],
    suggested: Sequence[Suggestion],
    recorded: Sequence[Recorded],
    category_of: CategoryOf,
    quiet: Spans = (),
) -> list[Finding]:
    """Everything that a reviewer should look at, in order. `recorded` are all tickets of the call; in `quiet`
    nobody has to speak: before an agent is there, on hold, while the recording is paused.

    What the words do not surely say is no finding: a reviewer who is sent to nothing stops looking.
    """
    found = [*_pauses(pieces, quiet), *_both(pieces)]
    if recorded:
        spoken = Spoken.by_citizen(pieces)
        found += _not_written(spoken, suggested, recorded)
        found += _other_matters(spoken, recorded, category_of)
    return in_order(found)


def in_order(found: Sequence[Finding]) -> list[Finding]:
    """By the second, those without one first."""
    return sorted(found, key=lambda finding: finding.at_s or 0.0)


def _not_written(
    spoken: Spoken, suggested: Sequence[Suggestion], recorded: Sequence[Recorded]
) -> Iterator[Finding]:
    by_field = {suggestion.field: suggestion for suggestion in suggested}
    place, time = by_field.get(Field.ADDRESS), by_field.get(Field.OCCURRED_AT)
    if place and place.confidence >= _SURE and not any(ticket.has_place for ticket in recorded):
        yield _of(Kind.PLACE_MISSING, place, spoken)
    if time and time.confidence >= _SURE and not any(ticket.has_time for ticket in recorded):
        yield _of(Kind.TIME_MISSING, time, spoken)
    urgency = by_field.get(Field.URGENCY)
    highest = max((_GRAVITY.index(ticket.urgency) for ticket in recorded), default=0)
    if urgency and _GRAVITY.index(Urgency(urgency.value)) > highest:
        yield _of(Kind.URGENCY_LOWER, urgency, spoken)
    kind = by_field.get(Field.TYPE)
    enquiries = all(ticket.type is TicketType.CONSULTATION for ticket in recorded)
    accuses = kind is not None and kind.value in _ACCUSING
    if kind and accuses and enquiries and (kind.confidence >= _SURE_OF_TYPE or _OUTRIGHT.search(spoken.text)):
        yield _of(Kind.COMPLAINT_AS_ENQUIRY, kind, spoken)


def _of(kind: Kind, suggestion: Suggestion, spoken: Spoken) -> Finding:
    evidence = suggestion.evidence[0] if suggestion.evidence else None
    words, at_s = (evidence.words, evidence.at_s) if evidence else ("", None)
    return Finding(kind, at_s, words, suggestion.value, _until(spoken, words, at_s))


def _until(spoken: Spoken, words: str, at_s: float | None) -> float | None:
    """When the words that begin at `at_s` are over; None where they were not said so."""
    text = spoken.text.replace(BREAK, " ")
    start = text.find(words) if words and at_s is not None else -1
    while start >= 0:
        if spoken.second(start) == at_s:
            return spoken.until(start + len(words))
        start = text.find(words, start + 1)
    return None


def _other_matters(
    spoken: Spoken, recorded: Sequence[Recorded], category_of: CategoryOf
) -> Iterator[Finding]:
    """The citizen begins another matter, and no ticket is of its category."""
    known = {ticket.category for ticket in recorded}
    begins = [match.start() for match in _ANOTHER.finditer(spoken.text)]
    for start, end in pairwise([*begins, len(spoken.text)]):
        category = category_of(spoken.text[start:end])
        if category is not None and category not in known:
            known.add(category)
            shown = min(end, start + _LONGEST_WORDS)
            evidence = spoken.evidence(start, shown)
            yield Finding(
                Kind.MATTER_MISSING, evidence.at_s, evidence.words.strip(), category, spoken.until(shown)
            )


def _pauses(pieces: Sequence[Piece], quiet: Spans) -> Iterator[Finding]:
    """Long stretches in which nobody speaks, between the first word and the last."""
    silent_since: float | None = None
    for start_s, end_s in sorted(_spans(pieces)):
        if silent_since is not None:
            for begin, end in _without(silent_since, start_s, quiet):
                if end - begin >= LONG_SILENCE_S:
                    yield Finding(Kind.LONG_SILENCE, begin, value=f"{end - begin:.0f}", until_s=end)
        silent_since = max(end_s, silent_since or 0.0)


def _without(begin: float, end: float, quiet: Spans) -> Iterator[tuple[float, float]]:
    """What is left of a stretch."""
    for start, until in sorted(quiet):
        if start < end and until > begin:
            if start > begin:
                yield begin, start
            begin = max(begin, until)
    if begin < end:
        yield begin, end


def _both(pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Citizen and agent talk at once for longer than an interjection."""
    citizen = [piece for piece in pieces if piece.speaker in CITIZENS]
    agent = [piece for piece in pieces if piece.speaker == AGENT]
    for start_s, end_s in _spans(citizen):
        for other_start, other_end in _spans(agent):
            begin, end = max(start_s, other_start), min(end_s, other_end)
            if end - begin >= BOTH_TALK_S:
                yield Finding(Kind.BOTH_TALK, begin, value=f"{end - begin:.0f}", until_s=end)


def _spans(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    return [(p.start_s, p.end_s) for p in pieces if p.start_s is not None and p.end_s is not None]
