"""A dialled call becomes contact, draft ticket and recording; also if our process is killed meanwhile."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState, OwedCallback
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome
from hotline.follow_up.service import dial
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from hotline.transcripts.models import Speaker, Track
from ivr.control import AmiCallControl
from ivr.network import Phone, complain, hang_up_early, talk_as_agent, turn_busy
from ivr.network.line import Line
from tests.factories import City
from tests.telephony.ivr_process import call_row, killable, recording_row, running
from tests.telephony.sounds import AGENT_HZ, read_wave
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


@pytest.fixture
def phone(switchboard: Switchboard, city: City, agent_tone: Path) -> Iterator[Phone]:
    """The agent's desk phone, registered and in the queue: rings two seconds, answers, speaks."""
    assert city.agent.user_id
    seat = switchboard.seats[0]
    phone = switchboard.network.agent_phone(
        seat.extension, seat.password, talk_as_agent([agent_tone], ring=2)
    )
    with switchboard.seat_in_queue(seat):
        yield phone


def tickets(context: Context, contact_id: int) -> list[Ticket]:
    with context.reading() as session:
        return list(session.scalars(select(Ticket).where(Ticket.contact_id == contact_id)))


def said(phone: Phone) -> bool:
    """The agent has spoken."""
    return bool(phone.calls) and any(step.name == "say" for step in phone.calls[-1].steps)


def test_the_ticket_is_there_before_the_first_prompt_ends(
    switchboard: Switchboard, context: Context, city: City
) -> None:
    assert city.agent.user_id
    before = switchboard.calls()

    def hang_up_once_it_is_there(line: Line) -> None:
        line.answer()
        linkedid = switchboard.new_call(before)
        line.wait_until(lambda: call_row(context, linkedid) is not None)

    with running(context, switchboard):
        call = switchboard.network.citizen_calls(CITIZEN, hang_up_once_it_is_there)
        linkedid = switchboard.new_call(before)
        row = until(lambda: call_row(context, linkedid))
        assert (row.contact.number, row.dialled) == (CITIZEN, switchboard.settings.hotline_number)
        [ticket] = tickets(context, row.contact_id)
        assert ticket.state is State.DRAFT
        call.wait_ended(60)
        recording = until(lambda: recording_row(context, linkedid))
    ended = call_row(context, linkedid)
    assert ended is not None
    assert (ended.state, ended.end) == (CallState.ENDED, CallEnd.ABANDONED)
    assert {track.speaker for track in recording.tracks} == {Speaker.CALLER, Speaker.MIX}
    prompts_over = [event.at for event in switchboard.events(linkedid) if event.kind == "GREETED"]
    assert all(ticket.created_at < datetime.fromisoformat(at) for at in prompts_over)


def test_an_answered_call_has_legs_times_and_tracks_in_their_places(
    switchboard: Switchboard, context: Context, phone: Phone, citizen_tone: Path
) -> None:
    before = switchboard.calls()
    with running(context, switchboard):
        seen = threading.Event()
        script = complain(
            [citizen_tone],
            until=lambda: phone.answered,
            before_hanging_up=lambda: said(phone) and seen.is_set(),
        )
        call = switchboard.network.citizen_calls(CITIZEN, script)
        linkedid = switchboard.new_call(before)
        until(lambda: (row := call_row(context, linkedid)) and row.state is CallState.TALKING, 30)
        seen.set()
        call.wait_ended(60)
        recording = until(lambda: recording_row(context, linkedid))
    row = call_row(context, linkedid)
    assert row is not None
    assert (row.end, [leg.role for leg in row.legs]) == (CallEnd.TALKED, ["caller", "agent"])
    # The agent is known to have answered a moment after the telephone was: on a busy machine a longer one.
    assert row.wait_seconds == pytest.approx(waited(switchboard, linkedid), abs=1)
    tracks = {track.speaker: track for track in recording.tracks}
    assert set(tracks) == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}
    spool = switchboard.settings.spool_dir
    agents, mix = tracks[Speaker.AGENT], tracks[Speaker.MIX]
    assert tone_begins(spool, agents) + agents.starts_s == pytest.approx(tone_begins(spool, mix), abs=0.15)


def waited(switchboard: Switchboard, linkedid: str) -> float:
    """Seconds from the queue to the agent's answer, by the exchange's own record."""
    events = switchboard.events(linkedid)
    queued = next(event.at for event in events if event.kind == "APP_START")
    answered = next(event.at for event in events if (event.kind, event.application) == ("ANSWER", "AppQueue"))
    return (datetime.fromisoformat(answered) - datetime.fromisoformat(queued)).total_seconds()


def tone_begins(spool: Path, track: Track) -> float:
    """Second at which the agent's tone is first heard, be it together with the citizen's."""
    samples = read_wave(spool / track.path)
    frame = 400
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(frame), axis=1)) ** 2
    near = AGENT_HZ * frame // 8000
    share = spectrum[:, near - 1 : near + 2].sum(axis=1) / np.maximum(spectrum.sum(axis=1), 1e-12)
    audible = np.sqrt((frames**2).mean(axis=1)) > 0.1
    heard = audible & (share > 0.3)
    assert heard.any(), f"nothing of the agent in {track.path}"
    return float(np.argmax(heard)) * frame / 8000


def test_a_call_during_which_the_process_is_killed_becomes_a_ticket_all_the_same(
    switchboard: Switchboard, context: Context, phone: Phone, citizen_tone: Path
) -> None:
    before = switchboard.calls()
    with killable(context, switchboard) as process:
        killed: list[bool] = []

        def talk(line: Line) -> None:
            line.answer()
            line.wait_until(lambda: phone.answered, 30)
            process.kill()
            killed.append(True)
            line.say(citizen_tone)
            line.wait_until(lambda: said(phone), 30)

        call = switchboard.network.citizen_calls(CITIZEN, talk)
        linkedid = switchboard.new_call(before)
        call.wait_ended(60)
    row = call_row(context, linkedid)
    assert killed
    assert row is None or row.state is not CallState.ENDED
    with running(context, switchboard):
        recording = until(lambda: recording_row(context, linkedid))
    row = call_row(context, linkedid)
    assert row is not None
    assert (row.state, row.end) == (CallState.ENDED, CallEnd.TALKED)
    assert len(tickets(context, row.contact_id)) == 1
    assert {track.speaker for track in recording.tracks} == {Speaker.CALLER, Speaker.AGENT, Speaker.MIX}


def test_calls_while_nothing_of_ours_runs_become_tickets_later(
    switchboard: Switchboard, context: Context, phone: Phone, citizen_tone: Path
) -> None:
    before = switchboard.calls()
    script = complain([citizen_tone], until=lambda: phone.answered, before_hanging_up=lambda: said(phone))
    switchboard.network.citizen_calls(CITIZEN, script).wait_ended(60)
    answered = switchboard.new_call(before)
    before = switchboard.calls()
    switchboard.network.citizen_calls("13911112222", hang_up_early(1)).wait_ended(60)
    abandoned = switchboard.new_call(before)
    with running(context, switchboard):
        until(lambda: recording_row(context, answered) and recording_row(context, abandoned))
    first, second = call_row(context, answered), call_row(context, abandoned)
    assert first is not None
    assert second is not None
    assert (first.end, second.end) == (CallEnd.TALKED, CallEnd.ABANDONED)
    assert first.wait_seconds == pytest.approx(waited(switchboard, first.linkedid), abs=0.4)
    with context.reading() as session:
        assert "13911112222" in session.scalars(select(OwedCallback.number)).all()


def test_twenty_callers_at_once_are_twenty_tickets(
    switchboard: Switchboard, context: Context, city: City
) -> None:
    assert city.agent.user_id
    numbers = {f"139000000{place:02}" for place in range(20)}
    before = set(switchboard.calls())
    with running(context, switchboard):
        calls = [switchboard.network.citizen_calls(number, hang_up_early(2)) for number in sorted(numbers)]
        for call in calls:
            call.wait_ended(60)
        linkedids = set(switchboard.calls()) - before
        until(lambda: all(recording_row(context, linkedid) for linkedid in linkedids), 20)
    rows = [row for linkedid in linkedids if (row := call_row(context, linkedid))]
    assert {row.contact.number for row in rows} == numbers
    assert {row.end for row in rows} == {CallEnd.ABANDONED}
    assert all(len(tickets(context, row.contact_id)) == 1 for row in rows)


def outcome(context: Context, follow_up_id: int) -> Attempt | None:
    """The attempt with its follow-up, once it has ended."""
    with context.reading() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.follow_up_id == follow_up_id))
        return attempt if attempt and attempt.outcome and attempt.follow_up.ticket else None


def press_one_again_and_again(line: Line) -> None:
    """Does not wait for the end of any prompt."""
    line.ring(0.2)
    line.answer()
    while True:
        line.press("1")
        line.listen(0.3)


def press_one_and_leave(line: Line) -> None:
    """Answers the first question and hangs up during the second."""
    line.ring(0.2)
    line.answer()
    line.hear_voice()
    line.hear_silence(1500)
    line.press("1")
    line.hear_voice()


@pytest.mark.parametrize(
    ("script", "expected", "digits", "ticket_state"),
    [
        (press_one_again_and_again, AttemptOutcome.ANSWERED, "11", State.CLOSED),
        (press_one_and_leave, AttemptOutcome.PARTIAL, "1", State.CLOSED),
        (hang_up_early(1), AttemptOutcome.SILENT, "", None),
        (turn_busy(), AttemptOutcome.BUSY, "", None),
    ],
    ids=["barges-in", "leaves-in-the-middle", "leaves-at-once", "busy"],
)
def test_a_follow_up(
    switchboard: Switchboard,
    context: Context,
    city: City,
    script: object,
    expected: AttemptOutcome,
    digits: str,
    ticket_state: State | None,
) -> None:
    ticket_id, follow_up_id = city.owed("+8613800001234")
    with running(context, switchboard):
        switchboard.network.expect_callback(CITIZEN, script)  # type: ignore[arg-type]
        assert dial(context, AmiCallControl(context.settings), follow_up_id)
        attempt = until(lambda: outcome(context, follow_up_id), 60, "the attempt's outcome")
    assert (attempt.outcome, attempt.digits) == (expected, digits)
    with context.reading() as session:
        state = session.get_one(Ticket, ticket_id).state
    assert state is ticket_state or ticket_state is None
    if expected is AttemptOutcome.ANSWERED:
        assert (attempt.follow_up.solved, attempt.follow_up.satisfaction) == (True, 1)
