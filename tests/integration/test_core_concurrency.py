"""Many workers and many writers at once, on both databases."""

import time
from collections import Counter
from functools import partial

from sqlalchemy import func, select

from hotline import events
from hotline.calls.models import Call, Seat, SeatState
from hotline.calls.seats import seat_changed
from hotline.calls.service import open_call
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.follow_up.models import Attempt
from hotline.follow_up.service import dial_due
from hotline.people.actors import Role
from hotline.tickets.models import Ticket
from hotline.tickets.service import register
from hotline.transcripts.models import Recording, RecordingState, Speaker
from hotline.transcripts.service import (
    CLAIM_LASTS,
    ClaimedRecording,
    SpokenSegment,
    TrackFile,
    claim_recording,
    complete_transcript,
    fail_transcript,
    register_recording,
)
from tests.factories import City, FakeTelephone, FixedClock, complete_draft, user
from tests.threads import at_once


def recorded(context: Context, how_many: int) -> set[int]:
    """Ids of as many recordings that wait to be transcribed."""
    found = set()
    for number in range(how_many):
        linkedid = f"recorded-{number}"
        open_call(context, linkedid, "13800001234", "12345")
        tracks = [
            TrackFile(Speaker.CALLER, f"{linkedid}/caller.wav", 3.0),
            TrackFile(Speaker.MIX, f"{linkedid}/mix.wav", 3.0),
        ]
        recording_id = register_recording(context, linkedid, linkedid, tracks)
        assert recording_id is not None
        found.add(recording_id)
    return found


def recording(context: Context, recording_id: int) -> Recording:
    with context.reading() as session:
        return session.get_one(Recording, recording_id)


def test_each_recording_goes_to_exactly_one_worker(context: Context) -> None:
    waiting = recorded(context, 12)

    def work(worker: str) -> list[int]:
        taken = []
        misses = 0
        while misses < 3:  # a row that another worker is taking just now may look like none
            if claim := claim_recording(context, worker):
                taken.append(claim.recording_id)
            else:
                misses += 1
        return taken

    taken = at_once([partial(work, f"worker {number}") for number in range(3)])
    counted = Counter(recording_id for ids in taken for recording_id in ids)
    assert counted == dict.fromkeys(waiting, 1)


def test_each_citizen_is_called_by_one_sweep_only(city: City) -> None:
    owed = {city.owed()[1] for _ in range(6)}
    telephones = [FakeTelephone() for _ in range(3)]
    placed = at_once([partial(dial_due, city.context, telephone) for telephone in telephones])
    assert sum(placed) == len(owed)
    with city.context.reading() as session:
        assert sorted(session.scalars(select(Attempt.follow_up_id))) == sorted(owed)
    channels = [words[3] for telephone in telephones for words in telephone.asked]
    assert len(channels) == len(set(channels)) == len(owed)


def test_a_killed_worker_gives_its_claim_back(context: Context, clock: FixedClock) -> None:
    (recording_id,) = recorded(context, 1)
    lost = claim_recording(context, "killed")
    assert lost is not None
    assert claim_recording(context, "other") is None
    clock.advance(seconds=CLAIM_LASTS.total_seconds() + 1)
    claim = claim_recording(context, "other")
    assert claim is not None
    assert (claim.recording_id, claim.tries) == (recording_id, 2)

    said = {claim.tracks[0].track_id: [SpokenSegment(0.5, 1.5, "没有水", [["没有", 0.5, 1.0, 0.9]])]}
    assert not complete_transcript(context, lost, said, "small-zh", "0" * 64), "it was not dead after all"
    assert complete_transcript(context, claim, said, "small-zh", "0" * 64)
    done = recording(context, recording_id)
    assert (done.state, done.model_name) == (RecordingState.DONE, "small-zh")


def failed(context: Context, claim: ClaimedRecording | None) -> None:
    assert claim is not None
    assert fail_transcript(context, claim, "OSError")


def test_a_recording_that_fails_three_times_is_set_aside(context: Context, clock: FixedClock) -> None:
    (recording_id,) = recorded(context, 1)
    for _ in range(3):
        failed(context, claim_recording(context, "worker"))
        clock.advance(minutes=5)
    assert claim_recording(context, "worker") is None
    aside = recording(context, recording_id)
    assert (aside.state, aside.failure, aside.tries) == (RecordingState.SET_ASIDE, "OSError", 3)


def test_a_recording_that_kills_its_workers_does_not_hold_up_the_next(
    context: Context, clock: FixedClock
) -> None:
    recorded(context, 1)
    for _ in range(3):
        assert claim_recording(context, "killed") is not None
        clock.advance(minutes=11)
    open_call(context, "next", "13800001234", "12345")
    healthy = register_recording(context, "next", "next", [TrackFile(Speaker.CALLER, "next/caller.wav", 1.0)])
    claim = claim_recording(context, "worker")
    assert claim is not None
    assert claim.recording_id == healthy


def test_a_call_told_by_many_at_once_is_one_call(context: Context) -> None:
    told = at_once([partial(open_call, context, "1588233600.7", "13800001234", "12345")] * 4)
    assert len(set(told)) == 1
    with context.reading() as session:
        for entity in (Call, Contact, Ticket):
            assert session.scalar(select(func.count()).select_from(entity)) == 1


def test_registering_at_once_gives_each_ticket_its_own_number(city: City) -> None:
    agent = city.context.acting_as(city.agent)
    drafts = [city.drafted() for _ in range(8)]
    numbers = at_once([partial(register, agent, ticket_id, complete_draft()) for ticket_id in drafts])
    assert sorted(number[10:16] for number in numbers) == [f"{n:06d}" for n in range(1, 9)]


def test_registering_one_ticket_twice_at_once_registers_it_once(city: City) -> None:
    ticket_id = city.drafted()
    agent = city.context.acting_as(city.agent)

    def attempt() -> str:
        try:
            return register(agent, ticket_id, complete_draft())
        except Exception as error:  # noqa: BLE001 (which one depends on who was faster)
            return type(error).__name__

    said = at_once([attempt] * 3)
    assert sum(text.startswith("2020") for text in said) == 1, said
    with city.context.reading() as session:
        ticket = session.get_one(Ticket, ticket_id)
        assert [line.event for line in ticket.history].count("submit") == 1


def test_a_reader_that_remembers_the_last_event_misses_none(context: Context) -> None:
    """Ids become visible in their order, however many write."""
    writers, each = 4, 15

    def write(name: int) -> None:
        for number in range(each):
            with context.writing() as session:
                events.record(session, context.now(), "test.told", f"writer:{name}", number=number)

    def follow() -> list[int]:
        seen: list[int] = []
        gives_up = time.monotonic() + 60
        while len(seen) < writers * each and time.monotonic() < gives_up:
            with context.reading() as session:
                seen += [event.id for event in events.since(session, seen[-1] if seen else 0, limit=7)]
        return seen

    seen, *_ = at_once([follow, *(partial(write, name) for name in range(writers))])
    assert seen == sorted(seen)
    assert len(set(seen)) == writers * each


def test_telling_the_log_never_makes_writers_wait_in_a_circle(city: City) -> None:
    """One transaction changes two seats and tells of each, another changes the second seat only."""
    user(city.context, city.hotline_id, Role.AGENT, extension="1002")
    for extension in ("1001", "1002"):
        seat_changed(city.context, extension, SeatState.READY)

    def change(*extensions: str) -> None:
        for number in range(20):
            with city.context.writing() as session:
                for extension in extensions:
                    seat = session.scalars(select(Seat).where(Seat.extension == extension)).one()
                    seat.reason = f"{extensions} {number}"
                    events.record(session, city.context.now(), "seat.changed", f"seat:{extension}")

    at_once([partial(change, "1001", "1002"), partial(change, "1002")])
    with city.context.reading() as session:
        told = [event.subject for event in events.since(session, 0)]
    assert (told.count("seat:1001"), told.count("seat:1002")) == (21, 41)


def test_what_was_rolled_back_was_not_told(context: Context) -> None:
    with context.database.writing() as session:
        events.record(session, context.now(), "test.told", "nothing:1")
        session.rollback()
    with context.reading() as session:
        assert events.latest_id(session) == 0
