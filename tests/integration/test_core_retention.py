"""What has been kept long enough goes, wholly; what is held stays; and the log tells it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, InternalError

from hotline.calls.models import Call
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.people.actors import NotPermitted
from hotline.retention import holds, service
from hotline.retention.models import DeletionEntry, DeletionLogIsAppendOnly, Kind
from hotline.search.queries import said
from hotline.tickets.models import Ticket
from hotline.transcripts import again
from hotline.transcripts.models import EarlierTranscript, Recording, Segment, Speaker
from hotline.transcripts.queries import recordings_of_contact
from hotline.transcripts.service import (
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    register_recording,
)
from tests.factories import City, FixedClock, make_context

WORDS = "zebrafinch"  # stands nowhere else in a database


def recorded(city: City, *speakers: Speaker, ticket_id: int | None = None) -> Recording:
    """A registered ticket whose call has tracks on disk, and a transcript."""
    context, ticket_id = city.context, ticket_id or city.registered()
    with context.reading() as session:
        linkedid = session.get_one(Ticket, ticket_id).contact.source_ref
    place = f"2020/04/30/{linkedid}"
    folder = context.settings.spool_dir / place
    folder.mkdir(parents=True)
    tracks = [TrackFile(speaker, f"{place}/{speaker.value}.wav", 4.0) for speaker in speakers]
    for track in tracks:
        (context.settings.spool_dir / track.path).write_bytes(b"RIFF" * 100)
    (folder / "caller.flac.enc").write_bytes(b"kept")
    (folder / "caller.flac.enc.draft").write_bytes(b"left by a killed worker")
    recording_id = register_recording(context, linkedid, place, tracks)
    claim = claim_recording(context, "test")
    assert claim is not None
    words = {claim.tracks[0].track_id: [SpokenSegment(1.0, 2.0, f"it said {WORDS}", [[WORDS, 1.0, 2.0, 1]])]}
    assert complete_transcript(context, claim, words, "small-zh", "0" * 64)
    with context.reading() as session:
        return session.get_one(Recording, recording_id)


def twice_written(context: Context, recording: Recording) -> None:
    """A second version of the transcript."""
    wanted = again.Wanted(context.now() - timedelta(days=9), context.now() + timedelta(days=9), "1" * 64)
    [claim] = again.claims(context, wanted, "test")
    words = {claim.tracks[0].track_id: [SpokenSegment(1.0, 2.0, f"she said {WORDS}", [])]}
    assert again.replace(context, claim, words, "better", "1" * 64)
    assert recording.id == claim.recording_id


def folders(context: Context) -> list[Path]:
    return [path for path in context.settings.spool_dir.rglob("*") if path.is_file()]


def entries(context: Context) -> list[tuple[Kind, int, int, int]]:
    with context.reading() as session:
        found = session.scalars(select(DeletionEntry).order_by(DeletionEntry.id)).all()
        return [(entry.kind, entry.files, entry.segments, entry.versions) for entry in found]


def test_audio_goes_after_its_period_and_the_text_after_its_own(city: City, clock: FixedClock) -> None:
    context = city.context
    recording = recorded(city, Speaker.CALLER, Speaker.AGENT, Speaker.MIX)
    twice_written(context, recording)
    clock.advance(days=729)
    assert service.delete_due(context) == 0
    clock.advance(days=2)
    assert service.delete_due(context) == 1
    assert folders(context) == []
    assert list(context.settings.spool_dir.iterdir()) == []
    assert entries(context) == [(Kind.AUDIO, 5, 0, 0)]
    with context.reading() as session:
        assert len(said(session, city.agent, WORDS)) == 1
    assert service.delete_due(context) == 0

    clock.advance(days=2920)
    assert service.delete_due(context) == 1
    assert entries(context)[1:] == [(Kind.TRANSCRIPT, 0, 1, 1)]
    with context.reading() as session:
        assert said(session, city.agent, WORDS) == []
        for entity in (Segment, EarlierTranscript):
            assert session.scalars(select(entity)).all() == []
        assert session.scalar(text("SELECT count(*) FROM segment_index")) == 0
    assert service.delete_due(context) == 0


def test_no_byte_of_the_words_is_left_in_the_file_of_sqlite(
    sqlite_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    """PostgreSQL gives its room back by VACUUM, of which docs/recordings.md tells."""
    context = make_context(sqlite_database, clock, tmp_path)
    twice_written(context, recorded(City.founded(context), Speaker.CALLER))
    clock.advance(days=4000)
    file = Path(str(context.database.engine.url.database))

    def bytes_of_all() -> bytes:
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert WORDS.encode() in bytes_of_all()
    service.delete_due(context)
    assert WORDS.encode() not in bytes_of_all()


def test_a_message_alone_has_a_period_of_its_own(city: City, clock: FixedClock, tmp_path: Path) -> None:
    recorded(city, Speaker.CALLER, Speaker.MIX, Speaker.MESSAGE)
    recorded(city, Speaker.CALLER, Speaker.AGENT, Speaker.MESSAGE)
    days = {"message": 30, "transcript": 0}
    context = make_context(city.context.database, clock, tmp_path, retention_days=days)
    clock.advance(days=31)
    assert [one.kind for one in service.due(context)] == [Kind.MESSAGE]
    assert service.delete_due(context) == 1
    clock.advance(days=100_000)
    assert [one.kind for one in service.due(context)] == [Kind.AUDIO]


def test_a_dry_run_changes_nothing(city: City, clock: FixedClock) -> None:
    recorded(city, Speaker.CALLER, Speaker.AGENT)
    clock.advance(days=4000)
    before = folders(city.context)
    found = service.due(city.context)
    [(audio, files, size), (transcript, segments, characters)] = service.sizes(city.context, found)
    assert (audio.kind, files, transcript.kind, segments) == (Kind.AUDIO, 4, Kind.TRANSCRIPT, 1)
    assert size > 800
    assert characters == len(f"it said {WORDS}")
    assert folders(city.context) == before
    assert entries(city.context) == []


@pytest.mark.parametrize("what", ["ticket", "call"])
def test_what_is_held_stays_until_the_hold_is_lifted(city: City, clock: FixedClock, what: str) -> None:
    context = city.context.acting_as(city.supervisor)
    ticket_id = city.registered()
    recording = recorded(city, Speaker.CALLER, Speaker.AGENT, ticket_id=ticket_id)
    if what == "ticket":
        hold = holds.hold_ticket(context, ticket_id, "行政复议")
    else:
        hold = holds.hold_call(context, recording.call_id, "行政复议")
    clock.advance(days=4000)
    assert service.delete_due(city.context) == 0
    with context.reading() as session:
        [kept] = holds.holds_of_ticket(session, session.get_one(Ticket, ticket_id))
    assert (kept.reason, kept.placed_by) == ("行政复议", city.supervisor.name)
    holds.lift(context, hold, "复议结束")
    assert service.delete_due(city.context) == 2
    with pytest.raises(holds.HoldRefused):
        holds.lift(context, hold, "again")


def test_a_hold_needs_a_reason_and_a_role(city: City) -> None:
    ticket_id = city.registered()
    with pytest.raises(holds.HoldRefused):
        holds.hold_ticket(city.context.acting_as(city.supervisor), ticket_id, "  ")
    with pytest.raises(NotPermitted):
        holds.hold_ticket(city.context.acting_as(city.agent), ticket_id, "行政复议")


def test_a_pass_that_died_after_the_files_is_finished_by_the_next(city: City, clock: FixedClock) -> None:
    """The row says deleted, the files are gone, the log does not say so yet."""
    recording = recorded(city, Speaker.CALLER)
    clock.advance(days=800)
    with city.context.writing() as session:
        session.get_one(Recording, recording.id).audio_deleted_at = city.context.now()
    for file in folders(city.context):
        file.unlink()
    assert service.delete_due(city.context) == 1
    assert entries(city.context) == [(Kind.AUDIO, 0, 0, 0)]


def test_files_that_are_not_here_are_not_said_to_be_deleted(
    city: City, clock: FixedClock, tmp_path: Path
) -> None:
    """A spool that is not mounted: nothing is marked, nothing is logged."""
    recording = recorded(city, Speaker.CALLER, Speaker.AGENT)
    days = {"transcript": 0}
    places = {"spool_dir": tmp_path / "elsewhere", "retention_days": days}
    context = make_context(city.context.database, clock, tmp_path, **places)
    clock.advance(days=800)
    assert service.delete_due(context) == 0
    with context.reading() as session:
        assert session.get_one(Recording, recording.id).audio_deleted_at is None
    assert len(folders(city.context)) == 4


def test_nothing_outside_of_the_spool_is_deleted(city: City, clock: FixedClock, tmp_path: Path) -> None:
    recording = recorded(city, Speaker.CALLER)
    with city.context.writing() as session:
        session.get_one(Recording, recording.id).folder = "../../etc"
    clock.advance(days=800)
    assert service.delete_due(city.context) == 0
    assert len(folders(city.context)) == 3


def test_the_log_is_append_only_and_holds_nothing_personal(city: City, clock: FixedClock) -> None:
    recorded(city, Speaker.CALLER)
    clock.advance(days=800)
    service.delete_due(city.context)
    columns = set(DeletionEntry.__table__.columns.keys())
    assert not columns & {"number", "name", "text", "ticket_id", "folder", "path"}
    with pytest.raises(DeletionLogIsAppendOnly), city.context.writing() as session:
        session.scalars(select(DeletionEntry)).one().files = 9
    for statement in ("UPDATE deletion_entry SET files = 9", "DELETE FROM deletion_entry"):
        with pytest.raises((DatabaseError, InternalError)), city.context.writing() as session:
            session.execute(text(statement))


def test_the_ticket_tells_that_its_recording_is_gone(city: City, clock: FixedClock) -> None:
    ticket_id = city.registered()
    recorded(city, Speaker.CALLER, ticket_id=ticket_id)
    clock.advance(days=4000)
    service.delete_due(city.context)
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        told = [line.event for line in ticket.history]
        [recording] = recordings_of_contact(session, ticket.contact_id)
        assert session.scalars(select(Call)).one().id == recording.call_id
    assert told[-2:] == ["recording_deleted", "transcript_deleted"]


def test_periods_are_read_loudly() -> None:
    assert Settings(retention_days={"audio": 0}).retention_days == {
        "audio": 0,
        "message": 730,
        "transcript": 3650,
        "ticket": 3650,
        "draft": 730,
        "file": 3650,
    }
    for wrong in ({"audio": -1}, {"video": 3}):
        with pytest.raises(ValueError, match="retention_days"):
            Settings(retention_days=wrong)
