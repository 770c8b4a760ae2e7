"""Two Asterisks are one hotline: an agent serves both, and the death of one leaves the other answering."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline import sweep
from hotline.calls.machines import PATIENCE_SECONDS, Lookout, pbxs_away
from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.models import Pbx as PbxRow
from hotline.calls.queries import board
from hotline.calls.seats import pause, sign_off, sign_on
from hotline.cli.check import exchanges
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from hotline.line_settings import PbxAddress
from ivr.control import AmiCallControl
from ivr.control.closing import ClosingOrders
from ivr.network import NetworkCall, TelephoneNetwork, listen
from ivr.pbx import Pbx, prepare, seats_of
from ivr.pbx.instance import CLOSING
from tests.factories import PASSWORD, City
from tests.ports import free_port
from tests.telephony.conftest import private_settings
from tests.telephony.headset_process import HeadsetProcess, PipeCard, serving
from tests.telephony.ivr_process import running
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import ChannelEvent, Switchboard
from tests.waiting import until

HOSTS = {"east": "127.0.0.1", "west": "127.0.0.4"}


@dataclass
class Hotline:
    """Both machines on one database."""

    contexts: dict[str, Context]
    switchboards: dict[str, Switchboard]
    city: City
    ivr: dict[str, ExitStack]

    @property
    def east(self) -> Context:
        return self.contexts["east"]

    def seat(self) -> Seat | None:
        with self.east.reading() as session:
            return next((row for row in board(session).seats if row.extension == "1001"), None)

    def seat_is(self, state: SeatState, reason: str = "") -> bool:
        row = self.seat()
        return row is not None and (row.state, row.reason) == (state, reason)

    def calls(self, state: CallState) -> dict[str, Call]:
        with self.east.reading() as session:
            rows = session.query(Call).filter(Call.state == state).all()
            return {row.pbx: row for row in rows}

    def all_calls(self, name: str) -> list[Call]:
        with self.east.reading() as session:
            return session.query(Call).filter(Call.pbx == name).all()

    def queue(self, name: str) -> str:
        return self.switchboards[name].pbx.control("queue show hotline")

    def contacts(self, name: str) -> str:
        return self.switchboards[name].pbx.control("pjsip show contacts")

    def citizen(self, name: str, number: str) -> NetworkCall:
        return self.switchboards[name].network.citizen_calls(number, listen())

    def plug_in(self, name: str) -> None:
        board_of = self.switchboards[name]
        board_of.network.agent_phone("1001", board_of.seats[0].password, listen())


@pytest.fixture(scope="module")
def switchboards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Switchboard]]:
    folders = {name: tmp_path_factory.mktemp(name) for name in HOSTS}
    alone = {
        name: private_settings(folders[name], HOSTS[name], queue_timeout_seconds=60, wrap_up_seconds=1)
        for name in HOSTS
    }
    pbxs = tuple(
        PbxAddress(name=name, host=HOSTS[name], ami_port=one.ami_port, websocket_port=one.websocket_port)
        for name, one in alone.items()
    )
    assert alone["east"].secrets
    shutil.copy(folders["east"] / "secrets.toml", folders["west"])
    with ExitStack() as stack:
        found = {}
        for name, one in alone.items():
            settings = one.model_copy(update={"pbx_name": name, "pbxs": pbxs})
            shorten_greeting(settings.state_dir)
            seats = tuple(seats_of(["1001"], settings.secrets.sip))
            pbx = stack.enter_context(Pbx(prepare(settings, seats)))
            network = stack.enter_context(TelephoneNetwork(settings))
            found[name] = Switchboard(settings, pbx, network, seats)
        yield found


@pytest.fixture
def hotline(switchboards: dict[str, Switchboard], postgresql_database: Database) -> Iterator[Hotline]:
    contexts = {
        name: Context(postgresql_database, SystemClock(), one.settings) for name, one in switchboards.items()
    }
    city = City.founded(contexts["east"])
    with ExitStack() as everybody:
        everybody.enter_context(_sweeping(contexts["east"]))
        ivr = {name: everybody.enter_context(ExitStack()) for name in HOSTS}
        for name, stack in ivr.items():
            stack.enter_context(running(contexts[name], switchboards[name]))
        yield Hotline(contexts, switchboards, city, ivr)


@contextmanager
def _sweeping(context: Context) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=sweep.run, args=(context, AmiCallControl(context.settings), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def test_an_exchange_that_takes_no_orders_from_here_is_named(
    switchboards: dict[str, Switchboard], tmp_path: Path
) -> None:
    settings = switchboards["east"].settings
    found = [(one.name, one.ok) for one in exchanges(settings)]
    assert found == [("exchange east", True), ("exchange west", True)]
    stranger = private_settings(tmp_path, HOSTS["east"], pbxs=settings.pbxs)  # with secrets of its own
    assert {one.what.split(" at ")[0] for one in exchanges(stranger)} == {"refuses orders from here"}
    port = free_port(socket.SOCK_STREAM, "127.0.0.1")
    gone = PbxAddress(name="north", host="127.0.0.1", ami_port=port)
    [away] = exchanges(settings.model_copy(update={"pbxs": (gone,)}))
    assert (away.ok, away.what.split(" at ")[0]) == (False, "does not answer")


def test_one_hotline_on_two_machines(hotline: Hotline) -> None:
    agent, control = hotline.east.acting_as(hotline.city.agent), AmiCallControl(hotline.east.settings)
    for name in HOSTS:
        hotline.plug_in(name)
    until(lambda: (row := hotline.seat()) and row.registered, what="the registration")
    for name in HOSTS:
        until(lambda: "desk-1001/" in hotline.contacts(name), what=f"the telephone in the {name}")  # noqa: B023
    sign_on(agent, control, "1001")
    assert all("desk-1001" in hotline.queue(name) for name in HOSTS)

    west = hotline.citizen("west", "13800000001")
    until(lambda: "west" in hotline.calls(CallState.TALKING), what="the answer in the west")
    [call] = hotline.calls(CallState.TALKING).values()
    assert call.linkedid.startswith("west-")
    until(lambda: hotline.seat_is(SeatState.TALKING), what="the seat to talk")
    until(lambda: "paused" in hotline.queue("east"), what="the east not to offer calls")

    east = hotline.citizen("east", "13800000002")
    until(lambda: "east" in hotline.calls(CallState.WAITING), what="the caller in the east")
    assert not hotline.calls(CallState.TALKING).get("east")
    control.hang_up(call.linkedid)
    west.wait_ended(60)
    until(lambda: "east" in hotline.calls(CallState.TALKING), what="the answer in the east")
    until(lambda: "west" in hotline.calls(CallState.ENDED), what="the end in the west")
    assert hotline.calls(CallState.ENDED)["west"].end is CallEnd.TALKED

    _west_dies(hotline, agent, control)
    assert hotline.calls(CallState.TALKING)["east"]
    control.hang_up(hotline.calls(CallState.TALKING)["east"].linkedid)
    east.wait_ended(60)


def _west_dies(hotline: Hotline, agent: Context, control: AmiCallControl) -> None:
    """Its caller is accounted for; orders go on; it comes back and does as was asked meanwhile."""
    waiting = hotline.citizen("west", "13800000003")
    until(lambda: "west" in hotline.calls(CallState.WAITING), what="the caller in the west")
    pbx = hotline.switchboards["west"].pbx
    pbx.kill()
    until(lambda: _away(hotline) == ["west"], what="the board to show the west as down")
    hotline.ivr["west"].close()
    seconds = [0.0]
    lookout, seen_at = Lookout(hotline.east, lambda: seconds[0]), _seen_at(hotline)
    assert lookout.give_up_lost() == 0
    until(lambda: _seen_at(hotline) > seen_at, what="a sign of life of the east")
    seconds = [PATIENCE_SECONDS]
    assert lookout.give_up_lost() == 1
    assert "west" not in hotline.calls(CallState.WAITING)
    assert CallEnd.CUT_OFF in {call.end for call in hotline.all_calls("west")}
    with hotline.east.reading() as session:
        assert [debt.number for debt in board(session).owed] == ["13800000003"]
    assert waiting.number
    pause(agent, control, "1001", "午餐")
    pbx.start()
    with running(hotline.contexts["west"], hotline.switchboards["west"]):
        until(lambda: "paused:午餐" in hotline.queue("west"), what="the pause to reach the west")
    sign_off(agent, control, "1001")
    assert "desk-1001" not in hotline.queue("west")


def test_an_agent_whose_machine_dies_in_a_talk_is_rung_by_the_other(hotline: Hotline) -> None:
    agent, control = hotline.east.acting_as(hotline.city.agent), AmiCallControl(hotline.east.settings)
    for name in HOSTS:
        hotline.plug_in(name)
        until(lambda: "desk-1001/" in hotline.contacts(name), what=f"the telephone in the {name}")  # noqa: B023
    until(lambda: (row := hotline.seat()) and row.registered, what="the registration")
    sign_on(agent, control, "1001")
    hotline.citizen("west", "13800000008")
    until(lambda: hotline.seat_is(SeatState.TALKING), what="the talk in the west")
    pbx = hotline.switchboards["west"].pbx
    pbx.kill()
    hotline.citizen("east", "13800000009")
    until(lambda: _away(hotline) == ["west"], what="the board to show the west as down")
    until(lambda: "east" in hotline.calls(CallState.WAITING), what="the caller in the east")
    assert hotline.seat_is(SeatState.TALKING), "the talk may go on: the west merely is not reached"
    pbx.start()
    until(lambda: "west" in hotline.calls(CallState.ENDED), 30, "the end of the talk")
    assert hotline.calls(CallState.ENDED)["west"].end is CallEnd.CUT_OFF
    until(lambda: "east" in hotline.calls(CallState.TALKING), 20, "the answer in the east")
    control.hang_up(hotline.calls(CallState.TALKING)["east"].linkedid)
    sign_off(agent, control, "1001")


def test_a_machine_that_is_about_to_be_stopped_leaves_new_calls_to_the_other(hotline: Hotline) -> None:
    """Cause 42 is 503 in SIP, on which a dispatcher tries the next one. The call is not this machine's."""
    west, closing = hotline.switchboards["west"], ClosingOrders(hotline.contexts["west"].settings)
    west.pbx.control(f"dialplan set global {CLOSING} {int(time.time()) + 600}")
    refused = hotline.citizen("west", "13800000006")
    rows = until(lambda: _hung_up(west, "13800000006"), 20, "the refusal")
    assert '"hangupcause":42' in rows[-1].extra
    assert "ELSEWHERE" in {row.kind for row in rows}
    assert not refused.answered.is_set()
    closing.take_calls()
    hotline.citizen("west", "13800000007").wait_answered(20)
    until(lambda: "west" in hotline.calls(CallState.WAITING), what="the next caller in the west")
    assert hotline.calls(CallState.WAITING)["west"].linkedid != rows[0].linkedid
    control = AmiCallControl(hotline.east.settings)
    control.hang_up(hotline.calls(CallState.WAITING)["west"].linkedid)
    until(lambda: "west" in hotline.calls(CallState.ENDED), what="the end of the next caller's call")
    with hotline.east.reading() as session:
        assert rows[0].linkedid not in session.scalars(select(Call.linkedid)).all()


def _hung_up(switchboard: Switchboard, number: str) -> list[ChannelEvent]:
    """All events of this caller's call up to the hang-up; empty before."""
    linkedid = next((row.linkedid for row in switchboard.events() if row.number == number), "")
    rows = switchboard.events(linkedid) if linkedid else []
    places = [place for place, row in enumerate(rows) if row.kind == "HANGUP"]
    return rows[: places[0] + 1] if places else []


def test_a_headset_whose_machine_dies_comes_up_at_the_other(
    hotline: Hotline, tmp_path: Path, agent_tone: Path
) -> None:
    """Extension 1001 has its share in the west."""
    west = hotline.switchboards["west"].pbx
    with PipeCard(tmp_path, agent_tone) as card, serving(hotline.east) as address:
        headset = HeadsetProcess(tmp_path, card, address, hotline.city.agent.name, PASSWORD)
        try:
            headset.until("idle", 20)
            until(lambda: hotline.seat_is(SeatState.READY), what="a ready seat")
            lines = lambda: [_headset_lines(hotline, name) for name in HOSTS]  # noqa: E731
            until(lambda: lines() == [0, 1], what="the line in the west alone")
            _a_call_is_answered(hotline, headset, "west", "13800000004")
            west.kill()
            until(lambda: _headset_lines(hotline, "east") == 1, 20, "the line in the east")
            _a_call_is_answered(hotline, headset, "east", "13800000005")
        finally:
            headset.end()
            west.start()
    until(lambda: _headset_lines(hotline, "east") == 0, 20, "the end of the line")


def _headset_lines(hotline: Hotline, name: str) -> int:
    lines = hotline.switchboards[name].pbx.control("core show channels concise").splitlines()
    return sum("!headset-line!" in line for line in lines)


def _a_call_is_answered(hotline: Hotline, headset: HeadsetProcess, name: str, number: str) -> None:
    call = hotline.citizen(name, number)
    headset.until("ringing", 20)
    headset.press("answer")
    headset.until("talking")
    until(lambda: name in hotline.calls(CallState.TALKING), what="the conversation")
    headset.press("hang up")
    call.wait_ended(60)
    until(lambda: hotline.seat_is(SeatState.READY), 20, "the end of the wrap-up")


def _seen_at(hotline: Hotline) -> datetime:
    with hotline.east.reading() as session:
        return session.get_one(PbxRow, "east").seen_at


def _away(hotline: Hotline) -> list[str]:
    with hotline.east.reading() as session:
        return [pbx.name for pbx in pbxs_away(session, hotline.east)]
