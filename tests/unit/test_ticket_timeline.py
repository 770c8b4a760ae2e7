"""The timeline of a ticket: what hangs on which line, what stands alone, in which order and on which day."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent_console.tickets.timeline import Entry, Kind, Show, Told, by_day, entries, shows_of
from hotline.calls.models import Call
from hotline.evidence.models import Attachment, Enclosure
from hotline.evidence.queries import Listed
from hotline.follow_up.models import Attempt
from hotline.replies.models import ContactRecord, Reply
from hotline.tickets.models import HistoryLine
from hotline.tickets.states import State
from hotline.transcripts.models import Recording

START = datetime(2020, 4, 30, 1, 0, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def line(number: int, event: str, minute: float, **changes: Any) -> HistoryLine:
    """A note, which moves nothing."""
    state = State.HANDLING
    return HistoryLine(
        id=number, ticket_id=1, event=event, at=at(minute), from_state=state, to_state=state, changes=changes
    )


def shown(found: list[Entry]) -> list[tuple[str, tuple[Kind, ...]]]:
    return [(entry.anchor, tuple(part.kind for part in entry.parts)) for entry in found]


def test_what_happened_is_told_once_in_its_place() -> None:
    told = Told(
        received_at=START,
        lines=[
            line(1, "submit", 5),
            line(2, "citizen_contacted", 20),
            line(3, "evidence_added", 30, sha256="a"),
            line(4, "evidence_added", 31, sha256="b"),
            line(5, "submit_reply", 40, reply_id=7),
            line(6, "enclosed", 50, files=1),
            line(7, "follow_up_attempt", 62),
        ],
        calls=[
            Call(id=1, linkedid="c1", started_at=START, ended_at=at(3)),
            Call(id=2, linkedid="c2", started_at=at(61), ended_at=at(62)),
            Call(id=3, linkedid="c3", started_at=at(90), ended_at=None),
        ],
        recordings=[Recording(id=9, call_id=1)],
        attempts=[
            Attempt(id=1, channel_id="c2", started_at=at(61)),
            Attempt(id=2, channel_id="c9", started_at=at(70)),
        ],
        contacts=[ContactRecord(id=1, at=at(19)), ContactRecord(id=2, at=at(80))],
        replies=[
            Reply(id=7, ticket_id=1, drafted_at=at(35), submitted_at=at(40)),
            Reply(id=8, ticket_id=2, drafted_at=at(1), submitted_at=at(100)),
        ],
        files=[Listed(Attachment(id=1, added_at=at(31), sha256="b"), may_open=True)],
        enclosures=[Enclosure(id=1, sent_at=at(49))],
    )
    assert shown(entries(told)) == [
        ("words", (Kind.WORDS,)),
        ("call-1", (Kind.CALL, Kind.RECORDING)),
        ("move-1", ()),
        ("move-2", (Kind.CONTACT,)),
        ("move-3", ()),
        ("move-4", (Kind.FILE,)),
        ("move-5", (Kind.REPLY,)),
        ("move-6", (Kind.ENCLOSURE,)),
        ("call-2", (Kind.ATTEMPT, Kind.CALL)),
        ("attempt-2", (Kind.ATTEMPT,)),
        ("contact-2", (Kind.CONTACT,)),
        ("reply-8", (Kind.REPLY,)),
    ]


def test_a_draft_hangs_on_the_line_that_wrote_it_last() -> None:
    lines = [line(1, "reply_written", 1), line(2, "reply_written", 9)]
    draft = Reply(id=7, ticket_id=1, drafted_at=at(8.9), submitted_at=None)
    assert shown(entries(Told(START, lines, replies=[draft])))[-1] == ("move-2", (Kind.REPLY,))
    of_the_master = Reply(id=7, ticket_id=2, drafted_at=at(8.9), submitted_at=None)
    assert shown(entries(Told(START, lines, replies=[of_the_master])))[-1][1] == ()


@pytest.mark.parametrize(
    ("event", "moves_on", "shows"),
    [
        ("dispatch", True, {Show.MOVES}),
        ("held", False, {Show.MOVES}),
        ("citizen_contacted", False, {Show.CALLS}),
        ("submit_reply", True, {Show.REPLIES, Show.MOVES}),
        ("reply_written", False, {Show.REPLIES}),
        ("answered_follow_up", False, {Show.CALLS, Show.REPLIES}),
        ("something_new", False, {Show.MOVES}),
    ],
)
def test_every_line_is_in_some_part_of_the_timeline(event: str, moves_on: bool, shows: set[Show]) -> None:
    told = line(1, event, 0)
    told.from_state = State.REGISTERED if moves_on else told.to_state
    assert shows_of(told) == shows


def test_days_are_those_of_the_citys_clock() -> None:
    lines = [line(1, "submit", 0), line(2, "accept", 14 * 60 + 59), line(3, "dispatch", 15 * 60)]
    zone = ZoneInfo("Asia/Shanghai")
    days = by_day(entries(Told(START, lines)), lambda moment: moment.astimezone(zone))
    assert [(day.day.day, len(day.entries)) for day in days] == [(30, 3), (1, 1)]
