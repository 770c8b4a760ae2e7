"""What happened with a ticket, from the top: its history, and calls, replies and files where they belong.

Pure: it is given what whoever looks may see, and arranges it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from hotline.calls.models import Call
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.queries import Listed
from hotline.follow_up.models import Attempt
from hotline.replies.models import ContactRecord, Reply
from hotline.screening.models import DirectAnswer
from hotline.tickets.models import HistoryLine
from hotline.transcripts.models import Recording

Thing = Call | Recording | Attempt | ContactRecord | Reply | DirectAnswer | Listed | Enclosure


class Show(StrEnum):
    """What a reader can narrow the timeline down to."""

    CALLS = "calls"
    REPLIES = "replies"
    MOVES = "moves"


class Kind(StrEnum):
    """Kinds of things, each with its template in `tickets/parts/`."""

    WORDS = "words"
    CALL = "call"
    RECORDING = "recording"
    ATTEMPT = "attempt"
    CONTACT = "contact"
    REPLY = "reply"
    ANSWER = "answer"
    FILE = "file"
    ENCLOSURE = "enclosure"


@dataclass(frozen=True)
class Part:
    """Something that an entry shows."""

    kind: Kind
    thing: Thing | None = None


@dataclass(frozen=True)
class Entry:
    """One thing that happened: a line of the history with what belongs to it, or a thing without a line.

    `anchor` is its address on the page, for good. `shows`: it stays while the timeline shows one of them.
    """

    anchor: str
    at: datetime
    shows: frozenset[Show]
    parts: tuple[Part, ...] = ()
    line: HistoryLine | None = None


@dataclass(frozen=True)
class Day:
    """The entries of one day on the city's clock."""

    day: date
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Told:
    """What is known of a ticket. `calls` and `recordings` are those that may be listened to."""

    received_at: datetime
    lines: Sequence[HistoryLine]
    calls: Sequence[Call] = ()
    recordings: Sequence[Recording] = ()
    attempts: Sequence[Attempt] = ()
    contacts: Sequence[ContactRecord] = ()
    replies: Sequence[Reply] = ()
    answer: DirectAnswer | None = None
    files: Sequence[Listed] = ()
    enclosures: Sequence[Enclosure] = ()


CALLS = frozenset(
    (
        "answered_follow_up",
        "call_disposed",
        "call_rated",
        "called_back_by_hand",
        "citizen_contacted",
        "comment_left",
        "emergency_called",
        "follow_up_again",
        "follow_up_attempt",
        "message_left",
        "number_not_dialable",
        "number_refused",
        "recording_deleted",
        "recording_failed",
        "recording_missing",
        "recording_set_aside",
        "recording_short",
        "recording_taken",
        "recording_transcribed",
        "transcript_deleted",
    )
)
REPLIES = frozenset(
    (
        "accept_reply",
        "answer_backoffice",
        "answer_directly",
        "answer_reviewed",
        "answered_follow_up",
        "ask_info",
        "asked_again",
        "enclosed",
        "evidence_added",
        "evidence_withdrawn",
        "info_received",
        "instruction_reported",
        "mail_failed",
        "mail_sent",
        "part_finished",
        "rated_on_page",
        "refusal_told",
        "refuse",
        "reject_reply",
        "reminded",
        "reply_sent_back",
        "reply_written",
        "site_visited",
        "submit_reply",
        "supervision_answered",
        "supplemented",
    )
)
_ANSWERED = ("answer_directly", "answer_backoffice")


def entries(told: Told) -> list[Entry]:
    """Everything, oldest first: the citizen's words, then calls, lines and what has no line."""
    hung, loose = _hung(told)
    lines = [
        Entry(f"move-{line.id}", line.at, shows_of(line), tuple(hung.get(line.id, ())), line)
        for line in told.lines
        if not (told.attempts and line.event == "follow_up_attempt")  # the attempt says more
    ]
    found = sorted([*_calls(told), *lines, *loose], key=lambda entry: entry.at)
    return [Entry("words", told.received_at, frozenset(Show), (Part(Kind.WORDS),)), *found]


def by_day(found: Iterable[Entry], local: Callable[[datetime], datetime]) -> list[Day]:
    """The entries in their order, by days of the clock that `local` reads."""
    days = groupby(found, lambda entry: local(entry.at).date())
    return [Day(day, list(those)) for day, those in days]


def shows_of(line: HistoryLine) -> frozenset[Show]:
    """Calls, replies or both; a move where it is neither, or changes the state."""
    named = {Show.CALLS: CALLS, Show.REPLIES: REPLIES}
    found = {show for show, events in named.items() if line.event in events}
    if not found or line.from_state is not line.to_state:
        found.add(Show.MOVES)
    return frozenset(found)


def _calls(told: Told) -> Iterator[Entry]:
    """Each call with what was recorded of it; a try to reach the citizen with the call that it became."""
    recorded = {recording.call_id: recording for recording in told.recordings}
    tried = {attempt.channel_id: attempt for attempt in told.attempts}
    for call in told.calls:
        attempt = tried.pop(call.linkedid, None)
        recording = recorded.get(call.id)
        parts = [Part(Kind.ATTEMPT, attempt)] if attempt else []
        parts += [Part(Kind.CALL, call)] if call.ended_at else []
        parts += [Part(Kind.RECORDING, recording)] if recording else []
        if parts:
            yield Entry(f"call-{call.id}", call.started_at, frozenset((Show.CALLS,)), tuple(parts))
    for attempt in tried.values():
        parts = [Part(Kind.ATTEMPT, attempt)]
        yield Entry(f"attempt-{attempt.id}", attempt.started_at, frozenset((Show.CALLS,)), tuple(parts))


def _hung(told: Told) -> tuple[Mapping[int, list[Part]], list[Entry]]:
    """Things by the line that tells of them, and entries of those that no line tells of."""
    hung: dict[int, list[Part]] = defaultdict(list)
    loose: list[Entry] = []
    for part, anchor, at, line in _things(told):
        if line is not None:
            hung[line.id].append(part)
        else:
            show = Show.CALLS if part.kind is Kind.CONTACT else Show.REPLIES
            loose.append(Entry(anchor, at, frozenset((show,)), (part,)))
    return hung, loose


def _things(told: Told) -> Iterator[tuple[Part, str, datetime, HistoryLine | None]]:
    """Each thing with its own address and time, and the line that was written with it."""
    lines = _Lines(told.lines)
    contacted = iter(lines.of("citizen_contacted"))
    for contact in told.contacts:  # one line each, in the same order
        yield Part(Kind.CONTACT, contact), f"contact-{contact.id}", contact.at, next(contacted, None)
    for reply in told.replies:
        at = reply.submitted_at or reply.drafted_at
        yield Part(Kind.REPLY, reply), f"reply-{reply.id}", at, lines.of_reply(reply)
    if told.answer:
        at = told.answer.answered_at
        given = lines.of(*_ANSWERED)
        line = given[-1] if given else None
        yield Part(Kind.ANSWER, told.answer), f"answer-{told.answer.id}", at, line
    for listed in told.files:
        file = listed.attachment
        yield Part(Kind.FILE, listed), f"file-{file.id}", file.added_at, lines.of_file(file)
    for sent in told.enclosures:
        line = lines.since("enclosed", sent.sent_at)
        yield Part(Kind.ENCLOSURE, sent), f"enclosure-{sent.id}", sent.sent_at, line


class _Lines:
    """Lines by their event, in their order. What a use case writes down comes just before its line."""

    def __init__(self, lines: Sequence[HistoryLine]) -> None:
        self._lines = lines

    def of(self, *events: str) -> list[HistoryLine]:
        return [line for line in self._lines if line.event in events]

    def since(self, event: str, at: datetime) -> HistoryLine | None:
        """The first of this event from then on."""
        return next((line for line in self.of(event) if line.at >= at), None)

    def of_reply(self, reply: Reply) -> HistoryLine | None:
        """The line that submitted it; of a draft the one that wrote it. None where it is another ticket's."""
        if reply.submitted_at is None:
            written = self.since("reply_written", reply.drafted_at)
            return written if written and written.ticket_id == reply.ticket_id else None
        submitted = (one for one in self.of("submit_reply") if one.changes.get("reply_id") == reply.id)
        return next(submitted, None)

    def of_file(self, file: Attachment) -> HistoryLine | None:
        """The line with its digest: one that was withdrawn may have come again."""
        added = (one for one in self.of("evidence_added") if one.at >= file.added_at)
        return next((one for one in added if one.changes.get("sha256") == file.sha256), None)
