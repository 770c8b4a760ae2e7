"""`hotline transcribe --again` and `hotline retention`, as an administrator types them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from hotline.cli.main import main
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.retention.models import DeletionEntry
from hotline.transcripts.models import EarlierTranscript, Recording
from hotline.transcripts.service import claim_recording, complete_transcript
from tests.factories import make_context
from tests.unit.recordings.calls import record
from tests.unit.recordings.speech import spoken
from tests.unit.recordings.wav import wav


@pytest.fixture
def here(sqlite_database: Database, tmp_path: Path) -> Context:
    return make_context(sqlite_database, SystemClock(), tmp_path)


def hotline(context: Context, *words: str, **settings: str) -> Result:
    return CliRunner().invoke(main, words, env=context.settings.environment() | settings)


def written_down(context: Context) -> int:
    recording_id = record(context, {"caller": wav(spoken("我们小区停水三天了"))})
    claim = claim_recording(context, "test")
    assert claim is not None
    complete_transcript(context, claim, {}, "old", "0" * 64)
    return recording_id


def _today(here: Context) -> str:
    """In the city."""
    return here.now().astimezone(here.settings.zone).date().isoformat()


def test_a_span_of_days_is_written_down_anew_with_progress(here: Context) -> None:
    first = _today(here)
    recording_id = written_down(here)
    days = ("--from", first, "--until", _today(here))  # another one, where it has become midnight
    done = hotline(here, "transcribe", "--again", *days)
    assert done.exit_code == 0, done.stderr
    assert re.match(r"1 written down anew by small-zh, 0 could not be read, 0 ", done.stdout)
    assert "1 of 1" in done.stderr
    with here.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert "停水" in "".join(s.text for s in recording.tracks[0].segments)
        assert session.scalars(select(EarlierTranscript)).one().model_name == "old"
    again = hotline(here, "transcribe", "--again", *days)
    assert again.stdout.startswith("0 written down anew")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--again",), "--again needs --from and --until"),
        (("--from", "2026-01-01"), "belong to --again"),
        (("--again", "--from", "2026-01-02", "--until", "2026-01-01"), "lies before"),
        (("--again", "--from", "2026-01-01", "--until", "2026-01-02", "--model", "/nowhere"), "/nowhere"),
    ],
)
def test_what_cannot_be_meant_is_refused(here: Context, words: tuple[str, ...], told: str) -> None:
    refused = CliRunner().invoke(main, ["transcribe", *words], env=here.settings.environment())
    assert refused.exit_code != 0
    assert told in refused.output


def test_a_dry_run_tells_and_the_command_deletes(here: Context) -> None:
    recording_id = written_down(here)
    with here.writing() as session:
        session.get_one(Recording, recording_id).call.started_at = datetime(2010, 1, 1, 12, tzinfo=UTC)
    told = hotline(here, "retention", "--dry-run")
    assert told.exit_code == 0, told.stderr
    assert f"2010-01-01 recording {recording_id}: audio, 1 files, " in told.stdout
    assert told.stdout.endswith("would delete: 1 of audio, 1 of transcript\n")
    assert "would take persons out of: 0 of ticket\n" in told.stdout
    assert list(here.settings.spool_dir.rglob("caller.wav")) != []
    kept = hotline(here, "retention", "--dry-run", HOTLINE_RETENTION_DAYS='{"audio": 0, "transcript": 0}')
    assert kept.stdout.endswith("would delete: nothing\n")

    deleted = hotline(here, "retention")
    assert deleted.stdout.endswith("deleted: 2\n"), deleted.stderr
    assert list(here.settings.spool_dir.iterdir()) == []
    with here.reading() as session:
        assert len(session.scalars(select(DeletionEntry)).all()) == 2
