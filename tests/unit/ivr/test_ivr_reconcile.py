"""Calls that nobody of ours saw become tickets and recordings, once, from what Asterisk wrote down."""

import csv
import os
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.seats import seat_changed
from hotline.calls.service import call_answered, open_call
from hotline.context import Context
from hotline.follow_up.service import attempt_answered, begin_attempt
from hotline.prompts.models import PromptVersion, Voice
from hotline.tickets.models import Ticket
from hotline.transcripts.models import CallNotice, Recording, RecordingState, Speaker
from hotline.transcripts.notices import notice_given
from hotline.transcripts.queries import recordings_of_contact
from ivr.pbx.process import channel_events_file
from ivr.reconcile import Reconciler
from ivr.track_checks import BYTES_A_SECOND, look_at
from ivr.tracks import folder_of
from tests.factories import City
from tests.unit.ivr.recordings_of_asterisk import AGENTS_LEG, ANSWERED, FOLDER

LINES = (FOLDER / "answered_call.csv").read_text().splitlines(keepends=True)
CALL_FOLDER = f"2026/11/22/{ANSWERED}"  # the city's day, not UTC's


@pytest.fixture
def events_file(context: Context) -> Path:
    file = channel_events_file(context.settings)
    file.parent.mkdir(parents=True)
    return file


@pytest.fixture
def reconciler(context: Context, city: City, events_file: Path) -> Iterator[Reconciler]:
    assert city.agent.user_id
    assert events_file.parent.exists()
    reconciler = Reconciler(context)
    yield reconciler
    reconciler.close()


def again(context: Context) -> int:
    """What the reconciler of another process does."""
    other = Reconciler(context)
    waiting = other.catch_up()
    other.close()
    return waiting


def write(file: Path, lines: Sequence[str]) -> None:
    with file.open("a") as opened:
        opened.writelines(lines)


def record(context: Context, name: str, seconds: float, closed: bool = True) -> Path:
    """A track as Asterisk leaves it; while it is open the header says nothing of its length."""
    path = context.settings.spool_dir / CALL_FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = b"\x01\x02" * int(seconds * BYTES_A_SECOND / 2)
    path.write_bytes(b"RIFF" + bytes(36) + struct.pack("<I", len(samples) if closed else 0) + samples)
    return path


def rows(context: Context, entity: type) -> Sequence[object]:
    with context.reading() as session:
        return session.scalars(select(entity)).all()


def the_call(context: Context) -> Call:
    with context.reading() as session:
        call = session.scalars(select(Call).where(Call.linkedid == ANSWERED)).one()
        assert call.contact.number == "13800138000"
        assert call.legs is not None
        return call


def test_a_call_that_nobody_saw(reconciler: Reconciler, context: Context, events_file: Path) -> None:
    for name, seconds in (("caller.wav", 8.34), ("mix.wav", 8.34), (f"agent-{AGENTS_LEG}.wav", 2.0)):
        record(context, name, seconds)
    write(events_file, LINES)
    assert reconciler.catch_up() == 0
    call = the_call(context)
    assert (call.state, call.end) == (CallState.ENDED, CallEnd.TALKED)
    assert call.wait_seconds == pytest.approx(0.508, abs=0.001)
    assert (call.ended_at - call.started_at).total_seconds() == pytest.approx(8.716, abs=0.001)
    assert [(leg.role, leg.uniqueid) for leg in call.legs] == [("caller", ANSWERED), ("agent", AGENTS_LEG)]
    assert len(rows(context, Ticket)) == 1
    with context.reading() as session:
        [recording] = session.scalars(select(Recording))
        tracks = {track.speaker: track for track in recording.tracks}
    assert recording.folder == CALL_FOLDER
    assert set(tracks) == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}
    assert tracks[Speaker.CALLER].starts_s == 0
    assert tracks[Speaker.AGENT].starts_s == pytest.approx(6.339, abs=0.001)
    assert tracks[Speaker.AGENT].seconds == pytest.approx(2.0)
    assert tracks[Speaker.AGENT].path == f"{CALL_FOLDER}/agent-{AGENTS_LEG}.wav"
    assert len(tracks[Speaker.AGENT].sha256) == len(tracks[Speaker.AGENT].samples_sha256) == 64
    assert [track.findings for track in tracks.values()] == [[], [], []]


def test_a_track_that_ends_before_the_call_is_marked(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    record(context, "caller.wav", 1.5)  # of 8.7 s
    record(context, "mix.wav", 8.34)
    write(events_file, LINES)
    reconciler.catch_up()
    with context.reading() as session:
        [recording] = session.scalars(select(Recording))
        findings = {track.speaker: track.findings for track in recording.tracks}
    assert findings == {Speaker.CALLER: [{"fault": "short", "seconds": 7}], Speaker.MIX: []}


def test_everything_once(reconciler: Reconciler, context: Context, events_file: Path) -> None:
    record(context, "mix.wav", 8)
    write(events_file, LINES)
    reconciler.catch_up()
    before = the_call(context)
    (context.settings.state_dir / "calls-read.json").unlink()
    again(context)
    after = the_call(context)
    assert (after.ended_at, after.end, len(after.legs)) == (before.ended_at, before.end, len(before.legs))
    assert len(rows(context, Ticket)) == len(rows(context, Recording)) == 1


def test_the_mix_of_three_is_whole_before_anybody_can_play_it_and_never_changes_again(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    """A track outlasts Asterisk's mix: the whole one is longer, and begins at the same time."""
    mix = record(context, "mix.wav", 6)
    tracks = [
        record(context, name, 6) for name in ("caller.wav", f"agent-{AGENTS_LEG}.wav", "expert-1.9.wav")
    ]
    asterisks = mix.read_bytes()
    write(events_file, LINES)
    reconciler.catch_up()
    assert mix.read_bytes() != asterisks
    with context.reading() as session:
        [recording] = session.scalars(select(Recording))
        registered = {track.path.rpartition("/")[2]: track for track in recording.tracks}
    assert len(registered) == len(tracks) + 1
    assert registered["mix.wav"].sha256 == look_at(mix).sha256
    ends = max(track.starts_s + track.seconds for name, track in registered.items() if name != "mix.wav")
    assert (registered["mix.wav"].starts_s, registered["mix.wav"].seconds) == (
        0.0,
        pytest.approx(ends, abs=0.001),
    )
    whole = mix.stat()
    (context.settings.state_dir / "calls-read.json").unlink()
    again(context)
    assert (mix.stat().st_mtime_ns, mix.stat().st_ino) == (whole.st_mtime_ns, whole.st_ino)


def test_a_call_that_was_seen_gets_only_its_recording(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    opened = open_call(context, ANSWERED, "13800138000", "12345")
    record(context, "mix.wav", 8)
    write(events_file, LINES)
    reconciler.catch_up()
    assert the_call(context).id == opened.call_id
    assert len(rows(context, Ticket)) == 1


@pytest.mark.parametrize("known", range(1, 15))
def test_a_restart_of_ours_at_any_moment_loses_nothing(
    context: Context, events_file: Path, known: int
) -> None:
    City.founded(context)
    record(context, "mix.wav", 8)
    write(events_file, LINES[:known])
    again(context)
    write(events_file, LINES[known:])
    again(context)
    assert the_call(context).end is CallEnd.TALKED
    assert len(rows(context, Ticket)) == len(rows(context, Recording)) == 1


def test_it_waits_until_every_track_is_closed(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    record(context, "mix.wav", 8)
    record(context, "caller.wav", 8, closed=False)
    write(events_file, LINES)
    assert reconciler.catch_up() == 1
    assert the_call(context).state is CallState.ENDED
    assert rows(context, Recording) == []
    assert again(context) == 1
    record(context, "caller.wav", 8)
    assert reconciler.catch_up() == 0
    assert len(rows(context, Recording)) == 1


def test_a_track_that_is_never_closed_is_taken_in_the_end(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    record(context, "mix.wav", 8, closed=False)
    write(events_file, LINES)
    assert any(reconciler.catch_up() == 0 for _ in range(100))
    assert len(rows(context, Recording)) == 1


def test_asterisk_went_down_in_the_middle(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    heard_until = datetime(2026, 11, 21, 20, 55, 37, tzinfo=UTC)
    os.utime(record(context, "mix.wav", 4, closed=False), (heard_until.timestamp(),) * 2)
    write(events_file, LINES[:7])
    reconciler.catch_up()
    assert reconciler.unfinished() == {ANSWERED}
    assert rows(context, Call) == []
    reconciler.catch_up(gone={ANSWERED, "unknown"})
    call = the_call(context)
    assert (call.end, call.ended_at) == (CallEnd.CUT_OFF, heard_until)
    assert len(rows(context, Recording)) == 1
    assert reconciler.unfinished() == set()


def test_a_caller_who_hung_up_before_anybody_answered(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    write(events_file, LINES[:3] + LINES[12:15])
    reconciler.catch_up()
    call = the_call(context)
    assert (call.end, call.answered_at) == (CallEnd.ABANDONED, None)
    [recording] = rows(context, Recording)  # the test wrote no audio
    assert (recording.state, recording.failure) == (RecordingState.SET_ASIDE, "nothing was recorded")


def test_other_calls_become_no_tickets(reconciler: Reconciler, context: Context, events_file: Path) -> None:
    wrong_number = [line.replace('"12345","from-trunk"', '"99","from-trunk"') for line in LINES[:15]]
    follow_up = [line.replace(ANSWERED, "follow-up-1-aa").replace("12345", "s") for line in LINES[:15]]
    write(events_file, wrong_number + follow_up)
    assert reconciler.catch_up() == 0
    assert rows(context, Call) == []


def test_junk_between_the_lines_is_passed_over(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    write(events_file, ["\x00\x01\n", LINES[0][:40] + "\n", *LINES])
    reconciler.catch_up()
    assert the_call(context).end is CallEnd.TALKED


def test_a_seat_of_nobody_does_not_cost_the_call(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    write(events_file, [line.replace("desk-1001", "desk-9999") for line in LINES])
    reconciler.catch_up()
    call = the_call(context)
    assert (call.end, call.agent_id) == (CallEnd.TALKED, None)


def test_a_database_that_is_away_puts_the_call_off(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    write(events_file, LINES)
    with context.writing() as session:
        session.execute(text("ALTER TABLE call RENAME TO call_away"))
    for _ in range(10):
        reconciler.catch_up()
    again(context)
    with context.writing() as session:
        session.execute(text("ALTER TABLE call_away RENAME TO call"))
    reconciler.catch_up()
    assert the_call(context).end is CallEnd.TALKED


def test_a_seat_that_was_left_talking_is_told_when_it_ended(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    open_call(context, ANSWERED, "13800138000", "12345")
    call_answered(context, ANSWERED, "1001", AGENTS_LEG, "PJSIP/desk-1001-1")
    write(events_file, LINES)
    reconciler.catch_up()
    call = the_call(context)
    with context.reading() as session:
        row = session.scalars(select(Seat)).one()
        assert row.state is SeatState.WRAP_UP
        assert row.since_at == call.ended_at


def test_a_seat_that_does_something_else_by_now_is_left_alone(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    seat_changed(context, "1001", SeatState.READY)
    write(events_file, LINES)
    reconciler.catch_up()
    with context.reading() as session:
        assert session.scalars(select(Seat.state)).all() == [SeatState.READY]


@pytest.mark.parametrize(
    "linkedid", ["", "../../etc", "follow-up-1-aa", "1795294529", "1795294529.0/..", "9" * 40]
)
def test_only_asterisks_own_ids_become_folders(context: Context, linkedid: str) -> None:
    assert folder_of(linkedid, context.settings.zone) is None


def greeted(context: Context) -> CallNotice | None:
    with context.reading() as session:
        return session.get(CallNotice, the_call(context).id)


def test_a_greeting_that_was_heard_out_is_kept_with_its_versions(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    """Also where the scripts were away and nobody of ours had said what would be played."""
    with context.writing() as session:
        at, zh = context.now(), Voice.UPLOADED
        session.add(
            PromptVersion(language="zh", name="greeting", voice=zh, text="您好", in_use=True, made_at=at)
        )
    fields = next(csv.reader([LINES[2]]))
    fields[2], fields[8:] = "GREETED", ["", "", '{"extra":"greeting&recording-notice"}']
    with events_file.open("a", newline="") as file:
        file.writelines(LINES[:2])
        csv.writer(file, quoting=csv.QUOTE_ALL).writerow(fields)
        file.writelines(LINES[2:])
    record(context, "mix.wav", 8)
    reconciler.catch_up()
    notice = greeted(context)
    assert notice is not None
    assert notice.heard_at is not None
    assert [prompt["name"] for prompt in notice.prompts] == ["greeting", "recording-notice"]
    assert [prompt["version"] for prompt in notice.prompts] == [1, None]
    assert [prompt["text"] for prompt in notice.prompts] == ["您好", "本次通话将录音。"]


def test_a_greeting_that_a_key_cut_short_is_not_said_to_be_heard(
    reconciler: Reconciler, context: Context, events_file: Path
) -> None:
    opened = open_call(context, ANSWERED, "13800138000", "12345")
    notice_given(context, opened.call_id, "zh", "", 0, ["greeting", "recording-notice"])
    write(events_file, LINES)
    reconciler.catch_up()
    notice = greeted(context)
    assert notice is not None
    assert (notice.heard_at, notice.plan_version, len(notice.prompts)) == (None, 0, 2)


def test_a_comment_in_a_follow_up_becomes_the_tickets_recording(
    reconciler: Reconciler, context: Context, city: City, events_file: Path
) -> None:
    ticket_id, follow_up_id = city.owed()
    attempt = begin_attempt(context, follow_up_id)
    attempt_answered(context, attempt.attempt_id)
    lines = [line.replace(ANSWERED, attempt.channel_id).replace("from-trunk", "follow-up") for line in LINES]
    write(events_file, [line for line in lines if line.split('","')[1] == attempt.channel_id])
    folder = context.settings.spool_dir / f"2026/11/22/{attempt.channel_id}"
    folder.mkdir(parents=True)
    for name in ("caller.wav", "mix.wav", "comment.wav"):
        samples = b"\x01\x02" * 24_000
        header = b"RIFF" + bytes(36) + struct.pack("<I", len(samples))
        (folder / name).write_bytes(header + samples)
    reconciler.catch_up()
    with context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        [recording] = recordings_of_contact(session, ticket.contact_id)
        tracks = {track.speaker: track.starts_s for track in recording.tracks}
        assert [line.event for line in ticket.history][-1] == "comment_left"
    assert tracks == {Speaker.CALLER: 0.0, Speaker.MIX: 0.0, Speaker.COMMENT: 3.0}
    assert again(context) == 0
    assert len(rows(context, Recording)) == 1
