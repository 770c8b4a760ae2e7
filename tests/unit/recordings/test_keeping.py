"""The form in which tracks are kept: the same samples, less room, and for nobody without the key."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hotline.context import Context
from hotline.database import Database
from hotline.transcripts.models import Recording
from hotline.transcripts.ports import NoSuchTrack
from hotline.transcripts.service import claim_recording, complete_transcript, fail_transcript
from recordings.keeping import Keeper
from recordings.tracks import Spool
from tests.factories import FixedClock, make_context
from tests.unit.recordings.calls import FOLDER, paths, record
from tests.unit.recordings.wav import noise, tone, wav

KEY = bytes(range(32))


@pytest.fixture
def here(sqlite_database: Database, clock: FixedClock, tmp_path: Path) -> Context:
    return make_context(sqlite_database, clock, tmp_path)


def transcribed(context: Context, tracks: dict[str, bytes]) -> int:
    recording_id = record(context, tracks)
    claim = claim_recording(context, "test")
    assert claim is not None
    assert complete_transcript(context, claim, {}, "none", "0" * 64)
    return recording_id


def files(context: Context) -> set[str]:
    return {path.name for path in (context.settings.spool_dir / FOLDER).iterdir()}


def test_flac_holds_the_same_samples_and_takes_the_place_of_wav(here: Context) -> None:
    samples = tone(3, amplitude=9000) + noise(3, amplitude=200)
    recording_id = transcribed(here, {"caller": wav(samples), "mix": wav(samples)})
    keeper = Keeper(here, Spool(here.settings.spool_dir))
    assert keeper.run_once()
    assert not keeper.run_once()
    assert files(here) == {"caller.flac", "mix.flac"}
    assert paths(here, recording_id) == [f"{FOLDER}/caller.flac", f"{FOLDER}/mix.flac"]
    read = Spool(here.settings.spool_dir).read(f"{FOLDER}/caller.flac")
    assert read.rate == 8000
    np.testing.assert_array_equal(read.samples, samples)


def test_nothing_is_changed_before_the_transcript(here: Context) -> None:
    record(here, {"caller": wav(tone(1))})
    assert not Keeper(here, Spool(here.settings.spool_dir)).run_once()
    assert files(here) == {"caller.wav"}


def test_with_a_key_nothing_lies_readable_on_disk(here: Context) -> None:
    samples = noise(20)
    recording_id = transcribed(here, {"caller": wav(samples), "agent-1.2": wav(tone(1))})
    spool = Spool(here.settings.spool_dir, [KEY])
    assert Keeper(here, spool).run_once()
    assert files(here) == {"caller.flac.enc", "agent-1.2.flac.enc"}
    content = (here.settings.spool_dir / FOLDER / "caller.flac.enc").read_bytes()
    assert b"fLaC" not in content[:4096]
    track = paths(here, recording_id)[0]
    np.testing.assert_array_equal(spool.read(track).samples, samples)
    with pytest.raises(NoSuchTrack):
        Spool(here.settings.spool_dir, [bytes(32)]).playable(track)


def test_what_was_set_aside_is_encrypted_as_it_is(here: Context, clock: FixedClock) -> None:
    recording_id = record(here, {"caller": b"no sound at all"})
    for _ in range(3):
        claim = claim_recording(here, "test")
        assert claim is not None
        fail_transcript(here, claim, "not a sound file")
        clock.advance(hours=1)
    spool = Spool(here.settings.spool_dir, [KEY])
    assert Keeper(here, spool).run_once()
    assert files(here) == {"caller.wav.enc"}
    with spool.file(paths(here, recording_id)[0]) as file:
        assert file.read() == b"no sound at all"


def test_stereo_is_left_as_it_came(here: Context) -> None:
    transcribed(here, {"caller": wav(noise(2), channels=2)})
    Keeper(here, Spool(here.settings.spool_dir)).run_once()
    assert files(here) == {"caller.wav"}


def test_a_worker_that_died_after_the_new_name_leaves_no_readable_copy(
    here: Context, clock: FixedClock
) -> None:
    """It had written the new file and its name, and not yet removed the old one."""
    recording_id = transcribed(here, {"caller": wav(tone(1))})
    spool = Spool(here.settings.spool_dir, [KEY])
    Keeper(here, spool).run_once()
    (here.settings.spool_dir / FOLDER / "caller.wav").write_bytes(wav(tone(1)))
    with here.writing() as session:
        session.get_one(Recording, recording_id).keep_due_at = here.now()
    assert Keeper(here, spool).run_once()
    assert files(here) == {"caller.flac.enc"}


_FULL_DISK = """
import sys
from pathlib import Path
from hotline.clock import SystemClock
from hotline.database import Database
from recordings.keeping import Keeper
from recordings.tracks import Spool
from tests.factories import make_context
context = make_context(Database(sys.argv[1]), SystemClock(), Path(sys.argv[2]))
assert Keeper(context, Spool(context.settings.spool_dir)).run_once()
"""


def test_a_full_disk_leaves_the_track_as_it_was(here: Context, clock: FixedClock, tmp_path: Path) -> None:
    """A real write that fails half-way: the process may write no file larger than 400 kB."""
    recording_id = transcribed(here, {"caller": wav(noise(60))})

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    before = (here.settings.spool_dir / FOLDER / "caller.wav").read_bytes()
    words = [sys.executable, "-c", _FULL_DISK, here.database.url, str(tmp_path)]
    subprocess.run(words, check=True, preexec_fn=little_room)
    assert files(here) == {"caller.wav"}
    assert (here.settings.spool_dir / FOLDER / "caller.wav").read_bytes() == before
    with here.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert recording.kept_at is None
        assert recording.keep_due_at is not None
