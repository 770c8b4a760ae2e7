"""Caller, agent and department, each played by SIPp: another maker's SIP than Asterisk's on both sides."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from hotline.calls.models import CallEnd, CallState
from hotline.clock import SystemClock
from hotline.config import Settings
from hotline.context import Context
from hotline.database import Database
from hotline.follow_up.models import Attempt, AttemptOutcome, FollowUp
from hotline.follow_up.service import dial
from hotline.tickets.models import Ticket
from hotline.tickets.states import State
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.ports import free_port
from tests.telephony.conftest import TRUNK_HOST, private_settings
from tests.telephony.hearing import wait_until_closed
from tests.telephony.ivr_process import call_row, running
from tests.telephony.sipp import SippCaller
from tests.telephony.sipp_phones import SippAgentPhone, SippDepartment
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, shorten_greeting, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZEN = "13800001234"
HEARD_SECONDS = 1.0


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("sipp-pbx")
    shorten_greeting(folder)
    return private_settings(folder, wrap_up_seconds=0)


@pytest.fixture(scope="module")
def exchange(settings: Settings) -> Iterator[Switchboard]:
    """The hotline's PBX alone: there is no network, because SIPp has the trunk's port."""
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx:
        yield Switchboard(settings, pbx, cast(TelephoneNetwork, None), seats)


@pytest.fixture
def context(exchange: Switchboard, sqlite_database: Database) -> Context:
    return Context(sqlite_database, SystemClock(), exchange.settings)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


@pytest.fixture
def caller(exchange: Switchboard, tmp_path: Path, citizen_tone: Path) -> SippCaller:
    """A citizen who says a tone."""
    hotline = (exchange.settings.sip_host, exchange.settings.sip_port)
    number = exchange.settings.hotline_number
    port = free_port(socket.SOCK_DGRAM, TRUNK_HOST)
    return SippCaller(tmp_path, f"<sip:{CITIZEN}@127.0.0.2>", hotline, number, port, speech=citizen_tone)


@pytest.fixture
def phone(exchange: Switchboard, tmp_path: Path, agent_tone: Path) -> SippAgentPhone:
    """The desk phone of seat 1001."""
    [seat] = exchange.seats
    return SippAgentPhone(tmp_path, exchange.settings, seat.desk, seat.password, agent_tone)


def test_a_citizen_and_an_agent_who_are_no_asterisk_talk_on_tracks_of_their_own(
    exchange: Switchboard, context: Context, city: City, caller: SippCaller, phone: SippAgentPhone
) -> None:
    before, [seat] = exchange.calls(), exchange.seats
    with running(context, exchange), phone:
        assert phone.register() == 0
        with exchange.seat_in_queue(seat), caller:
            linkedid = exchange.new_call(before)
            row = until(lambda: _talking(context, linkedid), 30, "the conversation")
            folder = exchange.folder(linkedid)
            [agent_track] = until(lambda: list(folder.glob("agent-*.wav")), what="the agent's track")
            until(lambda: agent_track.stat().st_size > 2 * 8000 * (HEARD_SECONDS + 1), what="speech")
            exchange.pbx.control("channel request hangup all")
            assert (caller.finish(), phone.finish()) == (0, 0)
        until(lambda: (row := call_row(context, linkedid)) and row.state is CallState.ENDED)
    wait_until_closed(agent_track, folder / "caller.wav", folder / "mix.wav")
    assert tone_seconds(folder / "caller.wav", CITIZEN_HZ) > HEARD_SECONDS
    assert tone_seconds(folder / "caller.wav", AGENT_HZ) == 0
    assert tone_seconds(agent_track, AGENT_HZ) > HEARD_SECONDS
    assert tone_seconds(agent_track, CITIZEN_HZ) == 0
    with context.reading() as session:
        [ticket] = session.scalars(select(Ticket).where(Ticket.contact_id == row.contact_id))
        assert (ticket.state, ticket.complainant_phone) == (State.DRAFT, CITIZEN)
    ended = call_row(context, linkedid)
    assert ended is not None
    assert (ended.end, ended.agent_id) == (CallEnd.TALKED, city.agent.user_id)


def _talking(context: Context, linkedid: str) -> object:
    row = call_row(context, linkedid)
    return row if row and row.state is CallState.TALKING else None


def test_a_wrong_password_registers_nothing(exchange: Switchboard, phone: SippAgentPhone) -> None:
    assert phone.register(password="guessed") != 0
    assert phone.address not in exchange.pbx.control("pjsip show contacts")


@pytest.mark.parametrize(
    ("answers", "outcome"), [(True, AttemptOutcome.SILENT), (False, AttemptOutcome.BUSY)]
)
def test_a_call_out_reaches_whoever_is_behind_the_trunk(
    exchange: Switchboard,
    context: Context,
    city: City,
    tmp_path: Path,
    citizen_tone: Path,
    answers: bool,
    outcome: AttemptOutcome,
) -> None:
    _, follow_up_id = city.owed(CITIZEN)
    telephone = SippDepartment(tmp_path, exchange.settings, citizen_tone if answers else None)
    with running(context, exchange), telephone:
        assert dial(context, AmiCallControl(exchange.settings), follow_up_id)
        if answers:
            until(lambda: "AGI" in exchange.pbx.control("core show channels"), what="the script")
            exchange.pbx.control("channel request hangup all")
        assert telephone.finish() == 0
        found = until(lambda: _outcome(context, follow_up_id), 20, "the attempt's outcome")
    assert found is outcome
    assert f"INVITE sip:{CITIZEN}@" in telephone.messages
    assert f"<sip:{exchange.settings.hotline_number}@" in telephone.messages


def _outcome(context: Context, follow_up_id: int) -> AttemptOutcome | None:
    with context.reading() as session:
        follow_up = session.get_one(FollowUp, follow_up_id)
        return session.scalar(select(Attempt.outcome).where(Attempt.follow_up_id == follow_up.id))
