"""The whole process against a manager interface played by the test: resync, live events, restart, stop."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.calls.models import Call, CallEnd, CallState, Seat, SeatState
from hotline.calls.seats import seat_changed, seat_registered
from hotline.calls.service import call_queued, open_call
from hotline.config import load_settings
from hotline.context import Context
from ivr.moment import began_at
from ivr.service import PortTaken, run
from tests.factories import City, make_context
from tests.ports import free_port
from tests.unit.agi.asterisk_side import AsteriskSide
from tests.unit.ami.manager_side import PATIENT, ManagerSide, Reply, packet
from tests.unit.ivr.recordings_of_asterisk import AGENTS_LEG, ANSWERED, recorded
from tests.waiting import until

QUICK = replace(PATIENT, ping_every=0.1, first_backoff=0.05, longest_backoff=0.1)
CALLER = {
    "Channel": "PJSIP/trunk-00000000",
    "ChannelState": "6",
    "CallerIDNum": "13800138000",
    "Context": "from-trunk",
    "Exten": "12345",
    "Application": "Queue",
    "Uniqueid": ANSWERED,
    "Linkedid": ANSWERED,
}
AGENT = {
    "Channel": "PJSIP/desk-1001-00000001",
    "ChannelState": "6",
    "Context": "agents",
    "Uniqueid": AGENTS_LEG,
    "Linkedid": ANSWERED,
}

REGISTERED = {"Endpoint": "agent-1001", "Uri": "sip:x", "Status": "Reachable"}


def listing(name: str, *entries: dict[str, str]) -> Reply:
    """Answers an action with a list of events of that name."""

    def reply(action: dict[str, str]) -> str:
        mine = action["ActionID"]
        listed = [packet(Event=name, ActionID=mine, **entry) for entry in entries]
        start = packet(Response="Success", ActionID=mine, EventList="start")
        return start + "".join(listed) + packet(Event=f"{name}End", ActionID=mine, EventList="Complete")

    return reply


class State:
    """What the played Asterisk says that is so."""

    def __init__(self, asterisk: ManagerSide) -> None:
        self._asterisk = asterisk
        self.members()
        self.contacts()
        self.channels()
        self.ours()

    def ours(self, **variables: str) -> None:
        """What the dialplan has set on every channel; without arguments, that of a call to the hotline."""
        told = variables or {"KNOWN": "yes", "DIALLED": "12345"}

        def reply(action: dict[str, str]) -> str:
            value = told.get(action["Variable"], "")
            return packet(Response="Success", ActionID=action["ActionID"], Value=value)

        self._asterisk.on("Getvar", reply)

    def members(self, *entries: dict[str, str]) -> None:
        self._asterisk.on("QueueStatus", listing("QueueMember", *entries))

    def contacts(self, *entries: dict[str, str]) -> None:
        self._asterisk.on("PJSIPShowContacts", listing("ContactList", *entries))

    def channels(self, *entries: dict[str, str]) -> None:
        self._asterisk.on("CoreShowChannels", listing("CoreShowChannel", *entries))


@pytest.fixture
def asterisk(context: Context) -> Iterator[ManagerSide]:
    with ManagerSide(secret=context.settings.secrets.ami) as side:
        yield side


@pytest.fixture
def state(asterisk: ManagerSide) -> State:
    return State(asterisk)


@pytest.fixture
def house(context: Context, city: City, asterisk: ManagerSide, state: State) -> Context:
    assert city.agent.user_id
    assert state
    places = {"ami_port": asterisk.port, "agi_port": free_port(), "cache_dir": load_settings().cache_dir}
    return make_context(context.database, context.clock, context.settings.state_dir, **places)


@pytest.fixture
def start(house: Context) -> Iterator[Callable[[], None]]:
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def begin() -> None:
        threads.append(threading.Thread(target=run, args=(house, stop, QUICK)))
        threads[0].start()

    yield begin
    stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def call_of(context: Context) -> Call | None:
    with context.reading() as session:
        return session.scalar(select(Call).where(Call.linkedid == ANSWERED))


def call_is(context: Context, state: CallState) -> Callable[[], bool]:
    return lambda: (call := call_of(context)) is not None and call.state is state


def seat_is(context: Context, state: SeatState, registered: bool = False) -> Callable[[], bool]:
    def holds() -> bool:
        with context.reading() as session:
            seat = session.scalar(select(Seat).where(Seat.extension == "1001"))
            return seat is not None and (seat.state, seat.registered) == (state, registered)

    return holds


Start = Callable[[], None]


def test_live_events_reach_the_core_and_no_number_the_log(
    asterisk: ManagerSide, house: Context, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    start()
    until(lambda: asterisk.asked("PJSIPShowContacts"))
    for event in recorded("answered_call"):
        asterisk.send(packet(Event=event.name, **event.headers))
    until(call_is(house, CallState.ENDED))
    printed = "".join(capfd.readouterr())
    assert "ami.connected" in printed
    assert "13800138000" not in printed


def test_scripts_are_served(house: Context, start: Start) -> None:
    start()

    def connected() -> AsteriskSide | None:
        try:
            return AsteriskSide(house.settings.agi_port)
        except ConnectionRefusedError:
            return None

    with until(connected) as side:
        side.header(script="intake")
        assert side.hears().startswith("GET FULL VARIABLE")


def test_seats_are_as_asterisk_says(house: Context, state: State, start: Start) -> None:
    seat_changed(house, "1001", SeatState.OFFLINE)
    state.members({"Location": "PJSIP/agent-1001", "Paused": "1", "PausedReason": "午餐"})
    state.contacts(REGISTERED)
    start()
    until(seat_is(house, SeatState.PAUSED, registered=True))


@pytest.mark.parametrize("stale", [SeatState.TALKING, SeatState.RINGING, SeatState.READY, SeatState.PAUSED])
def test_a_seat_that_left_the_queue_meanwhile_is_offline(
    house: Context, start: Start, stale: SeatState
) -> None:
    seat_changed(house, "1001", stale)
    seat_registered(house, "1001", True)
    start()
    until(seat_is(house, SeatState.OFFLINE))


@pytest.mark.parametrize("stale", [SeatState.TALKING, SeatState.RINGING])
def test_a_seat_is_never_stuck_in_a_call_that_is_over(
    house: Context, state: State, start: Start, stale: SeatState
) -> None:
    seat_changed(house, "1001", stale)
    state.members({"Location": "PJSIP/agent-1001", "Paused": "0"})
    state.contacts(REGISTERED)
    start()
    until(seat_is(house, SeatState.READY, registered=True))


def test_a_ready_seat_that_lost_its_telephone_meanwhile_is_paused(
    house: Context, state: State, start: Start
) -> None:
    seat_changed(house, "1001", SeatState.READY)
    seat_registered(house, "1001", True)
    state.members({"Location": "PJSIP/agent-1001", "Paused": "0"})
    start()
    until(seat_is(house, SeatState.PAUSED))


def test_a_call_that_is_going_on_is_taken_up(house: Context, state: State, start: Start) -> None:
    state.members({"Location": "PJSIP/desk-1001", "Paused": "0"})
    state.channels(CALLER, AGENT)
    start()
    until(seat_is(house, SeatState.TALKING))
    call = call_of(house)
    assert call is not None
    assert call.state is CallState.TALKING


@pytest.mark.parametrize(
    ("agents", "seat"), [([], SeatState.READY), ([AGENT | {"ChannelState": "5"}], SeatState.RINGING)]
)
def test_a_caller_who_waits_is_taken_up(
    house: Context, state: State, start: Start, agents: list[dict[str, str]], seat: SeatState
) -> None:
    state.members({"Location": "PJSIP/desk-1001", "Paused": "0"})
    state.contacts(REGISTERED)
    state.channels(CALLER, *agents)
    start()
    until(call_is(house, CallState.WAITING))
    until(seat_is(house, seat, registered=True))


def test_who_waits_already_has_waited_since_they_came(
    asterisk: ManagerSide, house: Context, state: State, start: Start
) -> None:
    state.channels(CALLER)
    asterisk.on("QueueStatus", listing("QueueEntry", {"Uniqueid": ANSWERED, "Position": "1", "Wait": "40"}))
    start()
    until(call_is(house, CallState.WAITING))
    call = call_of(house)
    assert call is not None
    assert call.queued_at == house.now() - timedelta(seconds=40)
    assert call.started_at == began_at(ANSWERED)


def test_a_call_that_is_taken_up_keeps_the_number_that_was_dialled(
    house: Context, state: State, start: Start
) -> None:
    state.channels(CALLER)
    state.ours(KNOWN="yes", DIALLED="12320")
    start()
    until(call_is(house, CallState.WAITING))
    call = call_of(house)
    assert call is not None
    assert call.dialled == "12320"


def test_other_channels_are_no_calls_of_citizens(
    asterisk: ManagerSide, house: Context, state: State, start: Start
) -> None:
    follow_up = CALLER | {"Uniqueid": "follow-up-1-a", "Linkedid": "follow-up-1-a", "Context": "follow-up"}
    state.channels(follow_up, CALLER | {"Context": "not-in-service"})
    start()
    until(lambda: asterisk.asked("PJSIPShowContacts"))
    assert call_of(house) is None


@pytest.mark.parametrize("variables", [{"KNOWN": "no", "DIALLED": "12321"}, {"OTHER": "of another dialplan"}])
def test_a_caller_of_a_number_that_is_not_ours_gets_no_draft(
    asterisk: ManagerSide, house: Context, state: State, start: Start, variables: dict[str, str]
) -> None:
    state.channels(CALLER | {"Context": "hotline-call"})
    state.ours(**variables)
    start()
    until(lambda: asterisk.asked("PJSIPShowContacts"))
    assert call_of(house) is None


def test_a_call_that_is_gone_is_closed(house: Context, start: Start) -> None:
    open_call(house, ANSWERED, "13800138000", "12345")
    call_queued(house, ANSWERED)
    start()
    until(call_is(house, CallState.ENDED))
    call = call_of(house)
    assert call is not None
    assert call.end is CallEnd.CUT_OFF


def test_a_restart_of_asterisk_is_followed_by_a_resync(
    asterisk: ManagerSide, house: Context, state: State, start: Start
) -> None:
    state.channels(CALLER, AGENT)
    state.members({"Location": "PJSIP/desk-1001", "Paused": "0"})
    start()
    until(seat_is(house, SeatState.TALKING))
    asterisk.close()
    state.channels()
    asterisk.open()
    until(call_is(house, CallState.ENDED))
    until(seat_is(house, SeatState.WRAP_UP))


def test_a_taken_port_is_said_before_anything_begins(asterisk: ManagerSide, house: Context) -> None:
    port = house.settings.agi_port
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(PortTaken, match=rf"{port}.*HOTLINE_AGI_PORT"),
    ):
        run(house, threading.Event())
    assert asterisk.logins == 0
