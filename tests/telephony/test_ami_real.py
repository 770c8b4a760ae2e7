"""Our side of the manager interface against a real Asterisk."""

import socket
from pathlib import Path

import pytest

from hotline.calls.models import Seat, SeatState
from hotline.calls.ports import NoTelephone, TelephoneAway
from hotline.calls.queries import board
from hotline.calls.seats import pause, sign_off
from hotline.clock import SystemClock
from hotline.config import load_settings
from hotline.context import Context
from hotline.database import Database
from ivr.ami.client import AmiConnection, Timings
from ivr.ami.feed import Feed, Resync
from ivr.ami.link import AmiLink
from ivr.control import AmiCallControl, ami_account
from ivr.network import listen
from ivr.pbx import Pbx, prepare
from tests.factories import City
from tests.ports import free_port
from tests.telephony.ivr_process import running
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

QUICK = Timings(connect=1.5, answer=15, ping_every=0.3, first_backoff=0.1, longest_backoff=0.3)


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


def seat(context: Context, extension: str) -> Seat | None:
    with context.reading() as session:
        return next((row for row in board(session).seats if row.extension == extension), None)


def test_silence_longer_than_its_time_outs_does_not_end_a_connection(switchboard: Switchboard) -> None:
    with AmiConnection(ami_account(switchboard.settings), QUICK) as connection:
        assert not connection.wait_closed(2 * QUICK.connect)
        assert connection.ask("Ping").get("Ping") == "Pong"


def test_an_agent_signs_on_pauses_and_signs_off(switchboard: Switchboard, context: Context) -> None:
    city, control = City.founded(context), AmiCallControl(context.settings)
    agent = context.acting_as(city.agent)
    telephone = switchboard.seats[0]

    def queue() -> str:
        return switchboard.pbx.control("queue show hotline")

    with running(context, switchboard):
        switchboard.network.agent_phone(telephone.extension, telephone.password, listen())
        until(lambda: (row := seat(context, "1001")) and row.registered)
        for _ in range(2):
            sign_on_when_there(agent, control, "1001")
            assert f"PJSIP/{telephone.desk}" in queue()
            pause(agent, control, "1001", "午餐")
            assert "paused:午餐" in queue()
        sign_off(agent, control, "1001")
        assert telephone.desk not in queue()
        until(lambda: (row := seat(context, "1001")) and row.state is SeatState.OFFLINE)


def test_a_pause_made_at_the_pbx_reaches_the_seat(switchboard: Switchboard, context: Context) -> None:
    City.founded(context)
    member = f"PJSIP/{switchboard.seats[0].desk}"
    with running(context, switchboard), switchboard.seat_in_queue(switchboard.seats[0]):
        until(lambda: (row := seat(context, "1001")) and row.state is SeatState.READY)
        switchboard.pbx.control(f"queue pause member {member} queue hotline reason drill")
        until(
            lambda: (row := seat(context, "1001")) and (row.state, row.reason) == (SeatState.PAUSED, "drill")
        )


def test_a_restart_of_asterisk(tmp_path: Path) -> None:
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    ports = {name: free_port(tcp, "127.0.0.1") for name in ("websocket_port", "ami_port", "agi_port")}
    settings = load_settings(
        state_dir=tmp_path, spool_dir=tmp_path / "s", sip_port=free_port(udp, "127.0.0.1"), **ports
    )
    pbx, feed = Pbx(prepare(settings, [])), Feed()
    control = AmiCallControl(settings, QUICK)
    link = AmiLink(ami_account(settings), lambda _event: None, lambda: feed.ask_resync("connected"), QUICK)
    link.start()
    try:
        for _ in range(2):
            with pytest.raises(TelephoneAway):
                control.make_ready("1001")
            with pbx:
                assert feed.take(60) == Resync("connected")
                assert link.ask("Ping").name == "Success"
                with pytest.raises(NoTelephone):
                    control.make_ready("1001")
    finally:
        link.stop()
