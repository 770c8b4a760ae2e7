"""What the core asks of the telephone, on a real PBX: seats into the queue, citizens called back."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState
from hotline.calls.queries import board
from hotline.calls.seats import sign_off
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp, FollowUpState
from hotline.follow_up.service import dial
from ivr.control import AmiCallControl
from ivr.network import Line, answer_by_keys, complain, ring_out, talk_as_agent
from ivr.network.calls import EndedBy
from tests.factories import City
from tests.telephony.ivr_process import call_row, running
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.sounds import SAME, likeness
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13811112222"


@pytest.fixture
def context(switchboard: Switchboard, sqlite_database: Database) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


def test_an_agent_signs_on_is_rung_and_signs_off(
    switchboard: Switchboard, context: Context, city: City, citizen_tone: Path, agent_tone: Path
) -> None:
    seat, control = switchboard.seats[0], AmiCallControl(switchboard.settings)
    agent = context.acting_as(city.agent)
    seen = threading.Event()

    def picks_up(line: Line) -> None:
        line.ring(0.1)
        line.wait_until(seen.is_set)
        talk_as_agent([agent_tone])(line)

    with running(context, switchboard):
        phone = switchboard.network.agent_phone(seat.extension, seat.password, picks_up)
        before = switchboard.calls()
        sign_on_when_there(agent, control, seat.extension)
        assert f"PJSIP/{seat.desk}" in switchboard.pbx.control("queue show hotline")
        citizen = switchboard.network.citizen_calls(
            CITIZEN, complain([citizen_tone], until=lambda: phone.answered, before_hanging_up=lambda: True)
        )
        linkedid = switchboard.new_call(before)
        until(lambda: _ringing(context) == {seat.extension}, 20, "the agent ringing on the board")
        seen.set()
        assert citizen.wait_ended(60) is EndedBy.US
        until(lambda: (row := call_row(context, linkedid)) and row.state is CallState.ENDED, 20)
        sign_off(agent, control, seat.extension)
        assert "No Members" in switchboard.pbx.control("queue show hotline")
    row = call_row(context, linkedid)
    assert row is not None
    assert row.end is CallEnd.TALKED


def _ringing(context: Context) -> set[str | None]:
    with context.reading() as session:
        return {call.ringing_extension for call in board(session).waiting} - {None}


def test_a_patient_citizen_hears_every_question_and_answers_by_keys(
    switchboard: Switchboard, context: Context, city: City
) -> None:
    _, follow_up_id = city.owed(CITIZEN)
    citizen = switchboard.network.expect_callback(CITIZEN, answer_by_keys(["1", "2"]))
    with running(context, switchboard):
        assert dial(context, AmiCallControl(switchboard.settings), follow_up_id)
        assert citizen.wait_ended(90) is EndedBy.THEM
        follow_up = until(lambda: _done(context, follow_up_id), what="the follow-up's end")
    assert (follow_up.solved, follow_up.satisfaction) == (True, 2)
    for prompt in ("greeting", "solved", "satisfaction", "thanks"):
        assert likeness(citizen.heard, switchboard.prompt(f"follow-up-{prompt}")) > SAME
    assert likeness(citizen.heard, switchboard.prompt("follow-up-away")) < SAME


def _done(context: Context, follow_up_id: int) -> FollowUp | None:
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        return follow_up if follow_up.state is FollowUpState.DONE else None


def test_a_citizen_who_does_not_pick_up_is_called_again_later(
    switchboard: Switchboard, context: Context, city: City
) -> None:
    _, follow_up_id = city.owed(CITIZEN)
    citizen = switchboard.network.expect_callback(CITIZEN, ring_out())
    with running(context, switchboard):
        assert dial(context, AmiCallControl(switchboard.settings), follow_up_id)
        outcome = until(lambda: _outcome(context, follow_up_id), 60, "the attempt's outcome")
    assert outcome is AttemptOutcome.NO_ANSWER
    assert citizen.wait_ended(60) is EndedBy.THEM
    assert not citizen.answered.is_set()
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        assert follow_up.state is FollowUpState.DUE
        assert follow_up.due_at is not None


def _outcome(context: Context, follow_up_id: int) -> AttemptOutcome | None:
    with context.reading() as session:
        return session.scalar(select(Attempt.outcome).where(Attempt.follow_up_id == follow_up_id))
