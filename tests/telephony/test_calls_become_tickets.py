"""The ivr process beside a real PBX: calls become tickets, follow-ups are dialled and answered by keys."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState, OwedCallback
from hotline.calls.queries import board
from hotline.calls.service import sign_off, sign_on
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.service import dial
from hotline.transcripts.models import Recording, Speaker
from ivr import service
from ivr.control import AmiCallControl
from ivr.network import answer_by_keys, complain, hang_up_early, ring_out, talk_as_agent, turn_busy
from ivr.network.calls import EndedBy
from ivr.network.line import Script
from tests.factories import City
from tests.telephony.sounds import likeness
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13811112222"
SAME = 0.9


@pytest.fixture
def live(switchboard: Switchboard, sqlite_database: Database) -> Context:
    """The hotline of the switchboard with a database of this test alone."""
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@contextmanager
def ivr_running(context: Context) -> Iterator[None]:
    """The ivr process, in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=service.run, args=(context, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def call_of(context: Context, linkedid: str) -> Call | None:
    with context.reading() as session:
        return session.scalar(select(Call).where(Call.linkedid == linkedid))


def ended(context: Context, linkedid: str) -> Call | None:
    call = call_of(context, linkedid)
    return call if call is not None and call.state is CallState.ENDED else None


def speakers(context: Context, linkedid: str) -> set[Speaker]:
    query = select(Recording).join(Call).where(Call.linkedid == linkedid)
    with context.reading() as session:
        recording = session.scalar(query)
        return {track.speaker for track in recording.tracks} if recording else set()


def test_a_call_is_followed_from_ring_to_recording(
    switchboard: Switchboard, live: Context, citizen_tone: Path, agent_tone: Path
) -> None:
    seat, control = switchboard.seats[0], AmiCallControl(switchboard.settings)
    agent = live.acting_as(City.founded(live).agent)
    with ivr_running(live):
        phone = switchboard.network.agent_phone(
            seat.extension, seat.password, talk_as_agent([agent_tone], ring=2)
        )
        before = switchboard.calls()
        sign_on(agent, control, seat.extension)
        said = lambda: any(step.name == "say" for step in phone.calls[-1].steps)  # noqa: E731
        citizen = switchboard.network.citizen_calls(
            CITIZEN, complain([citizen_tone], until=lambda: phone.answered, before_hanging_up=said)
        )
        linkedid = switchboard.new_call(before)
        call = until(lambda: call_of(live, linkedid), what="the call in the database")
        citizen.wait_answered(10)
        until(lambda: _ringing(live) == {seat.extension}, 20, "the agent ringing on the board")
        assert citizen.wait_ended(60) is EndedBy.US
        over = until(lambda: ended(live, linkedid), what="the end of the call")
        sign_off(agent, control, seat.extension)
        until(lambda: speakers(live, linkedid), 20, "the recording")
    assert call.id == over.id
    assert over.end is CallEnd.TALKED
    assert over.wait_seconds is not None
    assert 1 < over.wait_seconds < 15
    assert speakers(live, linkedid) == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}
    with live.reading() as session:
        assert session.get_one(Call, over.id).contact.number == CITIZEN


def _ringing(context: Context) -> set[str | None]:
    with context.reading() as session:
        return {call.ringing_extension for call in board(session).waiting} - {None}


def test_a_call_that_nobody_of_ours_saw_becomes_a_ticket_afterwards(
    switchboard: Switchboard, live: Context
) -> None:
    before = switchboard.calls()
    citizen = switchboard.network.citizen_calls(CITIZEN, hang_up_early(8))
    linkedid = switchboard.new_call(before)
    assert citizen.wait_ended(30) is EndedBy.US
    switchboard.wait_for(linkedid, "LINKEDID_END")
    assert call_of(live, linkedid) is None
    with ivr_running(live):
        call = until(lambda: ended(live, linkedid), 20, "the call in the database")
        until(lambda: speakers(live, linkedid) == {Speaker.CALLER, Speaker.MIX}, 20, "the recording")
    assert call.end is CallEnd.ABANDONED
    with live.reading() as session:
        owed = session.scalars(select(OwedCallback.call_id).where(OwedCallback.number == CITIZEN)).all()
        assert call.id in owed
        assert len(owed) == 1


@pytest.fixture
def owed(switchboard: Switchboard, sqlite_database: Database) -> tuple[Context, int]:
    """A hotline that owes a citizen a follow-up."""
    context = Context(sqlite_database, SystemClock(), switchboard.settings)
    return context, City.founded(context).owed(CITIZEN)[1]


def test_a_follow_up_answered_by_keys_is_done(switchboard: Switchboard, owed: tuple[Context, int]) -> None:
    context, follow_up_id = owed
    citizen = switchboard.network.expect_callback(CITIZEN, answer_by_keys(["1", "2"]))
    with ivr_running(context):
        assert dial(context, AmiCallControl(switchboard.settings), follow_up_id)
        assert citizen.wait_ended(90) is EndedBy.THEM
        follow_up = until(lambda: _done(context, follow_up_id), what="the follow-up's end")
    assert (follow_up.solved, follow_up.satisfaction) == (True, 2)
    assert likeness(citizen.heard, switchboard.prompt("follow-up-greeting")) > SAME
    assert likeness(citizen.heard, switchboard.prompt("follow-up-thanks")) > SAME
    assert likeness(citizen.heard, switchboard.prompt("follow-up-away")) < SAME


def _done(context: Context, follow_up_id: int) -> FollowUp | None:
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        return follow_up if follow_up.state is FollowUpState.DONE else None


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (turn_busy(), AttemptOutcome.BUSY),
        (ring_out(60), AttemptOutcome.NO_ANSWER),
        (hang_up_early(1), AttemptOutcome.SILENT),
    ],
)
def test_a_follow_up_that_does_not_reach_the_citizen_is_tried_again(
    switchboard: Switchboard, owed: tuple[Context, int], script: Script, outcome: AttemptOutcome
) -> None:
    context, follow_up_id = owed
    switchboard.network.expect_callback(CITIZEN, script)
    with ivr_running(context):
        assert dial(context, AmiCallControl(switchboard.settings), follow_up_id)
        attempt = until(lambda: _tried(context, follow_up_id), 60, "the attempt's outcome")
    assert attempt.outcome is outcome
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        assert follow_up.state is FollowUpState.DUE
        assert follow_up.due_at is not None


def _tried(context: Context, follow_up_id: int) -> Attempt | None:
    query = select(Attempt).where(Attempt.follow_up_id == follow_up_id, Attempt.outcome.is_not(None))
    with context.reading() as session:
        return session.scalar(query)
