"""A better model writes old calls down anew: progress, versions, and what happens to killed workers."""

from datetime import timedelta

from sqlalchemy import select

from hotline.calls.service import open_call
from hotline.context import Context
from hotline.transcripts import again
from hotline.transcripts.again import Wanted
from hotline.transcripts.models import EarlierTranscript, Recording, RecordingState, Speaker
from hotline.transcripts.queries import conversation
from hotline.transcripts.service import (
    CLAIM_LASTS,
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    fail_transcript,
    register_recording,
)
from tests.factories import City, FixedClock

OLD, NEW = "0" * 64, "1" * 64


def call(city: City, linkedid: str, text: str | None = "停水三天") -> int:
    """A call of now; without a text it is set aside."""
    context = city.context
    open_call(context, linkedid, "13800001234", "12345")
    track = TrackFile(Speaker.CALLER, f"2020/04/30/{linkedid}/caller.wav", 3.0)
    recording_id = register_recording(context, linkedid, f"2020/04/30/{linkedid}", [track])
    assert recording_id
    for tries in range(3):
        claim = claim_recording(context, "first")
        assert claim is not None
        if text is not None:
            complete_transcript(context, claim, spoken(claim.tracks[0].track_id, text), "small", OLD)
            break
        fail_transcript(context, claim, "not a sound file")
        if isinstance(context.clock, FixedClock):
            context.clock.advance(minutes=5 if tries < 2 else 0)
    return recording_id


def spoken(track_id: int, text: str) -> dict[int, list[SpokenSegment]]:
    return {track_id: [SpokenSegment(0.5, 1.5, text, [[text, 0.5, 1.5, 0.9]])]}


def everything(context: Context) -> Wanted:
    return Wanted(context.now() - timedelta(days=1), context.now() + timedelta(days=1), NEW)


def texts(context: Context, recording_id: int) -> list[str]:
    with context.reading() as session:
        return [segment.text for _, segment in conversation(session.get_one(Recording, recording_id))]


def test_the_new_text_takes_the_old_ones_place_and_the_old_one_is_kept(city: City) -> None:
    context, recording_id = city.context, call(city, "a")
    wanted = everything(context)
    assert again.count_wanted(context, wanted) == 1
    for claim in again.claims(context, wanted, "again"):
        assert texts(context, recording_id) == ["停水三天"], "it is read meanwhile"
        words = spoken(claim.tracks[0].track_id, "停水五天")
        assert again.replace(context, claim, words, "large", NEW)
    assert texts(context, recording_id) == ["停水五天"]
    assert again.count_wanted(context, wanted) == 0
    with context.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert (recording.model_name, recording.state) == ("large", RecordingState.DONE)
        [earlier] = recording.earlier
        assert (earlier.model_name, earlier.model_hash) == ("small", OLD)
        assert [segment["text"] for segment in earlier.said] == ["停水三天"]
        assert earlier.said[0]["words"] == [["停水三天", 0.5, 1.5, 0.9]]


def test_only_calls_of_the_span_are_written_anew(city: City, clock: FixedClock) -> None:
    call(city, "early")
    clock.advance(days=2)
    begin = city.context.now()
    inside = call(city, "inside")
    clock.advance(days=2)
    end = city.context.now()
    call(city, "late")
    wanted = Wanted(begin, end, NEW)
    assert [claim.recording_id for claim in again.claims(city.context, wanted, "again")] == [inside]


def test_what_was_set_aside_gets_another_chance(city: City) -> None:
    recording_id = call(city, "broken", text=None)
    [claim] = again.claims(city.context, everything(city.context), "again")
    assert again.replace(city.context, claim, spoken(claim.tracks[0].track_id, "停水"), "large", NEW)
    with city.context.reading() as session:
        recording = session.get_one(Recording, recording_id)
        assert (recording.state, recording.failure) == (RecordingState.DONE, "")
        assert session.scalars(select(EarlierTranscript)).all() == []


def test_two_workers_never_have_the_same_recording(city: City) -> None:
    ids = [call(city, name) for name in "abc"]
    wanted = everything(city.context)
    one, two = (again.claims(city.context, wanted, worker) for worker in ("one", "two"))
    taken = [next(one).recording_id, next(two).recording_id, *(claim.recording_id for claim in one)]
    assert sorted(taken) == ids
    assert list(two) == []


def test_a_killed_worker_leaves_the_old_text_and_its_claim_runs_out(city: City, clock: FixedClock) -> None:
    recording_id = call(city, "a")
    wanted = everything(city.context)
    dead = next(again.claims(city.context, wanted, "killed"))
    assert list(again.claims(city.context, wanted, "other")) == []
    clock.advance(seconds=CLAIM_LASTS.total_seconds() + 1)
    [claim] = again.claims(city.context, wanted, "other")
    assert not again.replace(city.context, dead, spoken(dead.tracks[0].track_id, "zu spät"), "large", NEW)
    assert texts(city.context, recording_id) == ["停水三天"]
    assert again.replace(city.context, claim, spoken(claim.tracks[0].track_id, "停水五天"), "large", NEW)
    with city.context.reading() as session:
        assert len(session.scalars(select(EarlierTranscript)).all()) == 1
