"""One AMI connection against a manager interface that is silent, slow, rude or gone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ivr.ami.client import (
    Account,
    AmiConnection,
    AmiError,
    AmiLost,
    AmiRefused,
    AmiTimeout,
    Packet,
    Timings,
    UnsafeHeader,
)
from tests.unit.ami.manager_side import PATIENT, SECRET, ManagerSide, packet, silence, success
from tests.waiting import until


class Heard:
    """Collects events and waits for them."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []
        self._changed = threading.Condition()

    def __call__(self, event: Packet) -> None:
        with self._changed:
            self.packets.append(event)
            self._changed.notify_all()

    def until(self, count: int, seconds: float = 60) -> list[Packet]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.packets) >= count, seconds), self.packets
            return list(self.packets)


@pytest.fixture
def asterisk() -> Iterator[ManagerSide]:
    with ManagerSide() as side:
        yield side


def account(asterisk: ManagerSide, secret: str = SECRET) -> Account:
    return Account("127.0.0.1", asterisk.port, "minsheng", secret)


@contextmanager
def connected(asterisk: ManagerSide, quick: Timings, heard: Heard | None = None) -> Iterator[AmiConnection]:
    """A connection with times so short that a busy machine may miss them: then it is tried again."""

    def tried() -> AmiConnection | None:
        try:
            return AmiConnection(account(asterisk), quick, heard).__enter__()
        except AmiError:
            return None

    connection = until(tried, what="a login in time")
    try:
        yield connection
    finally:
        connection.__exit__(None, None, None)


def test_it_logs_in_asks_and_is_answered(asterisk: ManagerSide) -> None:
    with AmiConnection(account(asterisk), PATIENT) as connection:
        answer = connection.ask(
            "QueueAdd", {"Queue": "hotline", "Interface": "PJSIP/8001"}, {"A": "1", "B": "2"}
        )
    assert answer.name == "Success"
    [asked] = asterisk.asked("QueueAdd")
    assert asked["Interface"] == "PJSIP/8001"
    assert asked["Variable"] == "A=1\nB=2"
    assert asterisk.asked("Login")[0]["Events"] == "off"


def test_a_wrong_secret_is_refused_and_never_shown(asterisk: ManagerSide) -> None:
    wrong = account(asterisk, secret="hunter2")
    with pytest.raises(AmiRefused) as refused, AmiConnection(wrong, PATIENT):
        pass
    assert refused.value.reason == "Authentication failed"
    assert "hunter2" not in repr(wrong) + str(refused.value)


def test_nobody_there(asterisk: ManagerSide) -> None:
    asterisk.close()
    try:
        with pytest.raises(AmiLost, match="ConnectionRefusedError"), AmiConnection(account(asterisk)):
            pass
    finally:
        asterisk.open()


@pytest.mark.parametrize("greeting", ["", "220 smtp.example ESMTP\r\n"], ids=["silent", "something-else"])
def test_what_does_not_greet_like_asterisk_is_dropped(greeting: str) -> None:
    with (
        ManagerSide(greeting) as other,
        pytest.raises(AmiLost, match="no greeting"),
        AmiConnection(account(other), Timings(connect=0.2)),
    ):
        pass


def test_silence_longer_than_every_time_out_changes_nothing(asterisk: ManagerSide) -> None:
    heard, quick = Heard(), Timings(connect=0.2, answer=60)
    with connected(asterisk, quick, heard) as connection:
        assert not connection.wait_closed(3 * quick.connect)
        asterisk.send(packet(Event="Hangup", Uniqueid="1.1"))
        assert heard.until(1)[0].get("Uniqueid") == "1.1"
        assert connection.ask("Ping").name == "Success"


def test_events_keep_their_order_across_many_packets(asterisk: ManagerSide) -> None:
    heard = Heard()
    with AmiConnection(account(asterisk), PATIENT, heard):
        asterisk.send("".join(packet(Event="Hangup", Uniqueid=str(n)) for n in range(2000)))
        assert [event.get("Uniqueid") for event in heard.until(2000)] == [str(n) for n in range(2000)]


def test_a_packet_in_pieces_is_one_packet(asterisk: ManagerSide) -> None:
    heard = Heard()
    with AmiConnection(account(asterisk), PATIENT, heard) as connection:
        for piece in ("Eve", "nt: Hangup\r", "\nUniqueid: 1.1\r\n", "\r"):
            asterisk.send(piece)
            assert not connection.wait_closed(0.01)
        asterisk.send("\n")
        assert heard.until(1) == [Packet("Hangup", {"Uniqueid": "1.1"})]


def test_a_line_break_too_many_hides_no_event(asterisk: ManagerSide) -> None:
    """Asterisk's TestEvent of a MixMonitor that ends is followed by one."""
    heard = Heard()
    with AmiConnection(account(asterisk), PATIENT, heard):
        asterisk.send(packet(Event="TestEvent", State="MIXMONITOR_END") + "\r\n" + packet(Event="Hangup"))
        assert [event.name for event in heard.until(2)] == ["TestEvent", "Hangup"]


@pytest.mark.parametrize("break_", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_a_callers_name_cannot_become_a_header(asterisk: ManagerSide, break_: str) -> None:
    heard = Heard()
    with AmiConnection(account(asterisk), PATIENT, heard):
        asterisk.send(packet(Event="Newchannel", Uniqueid="1.1", CallerIDName=f"x{break_}Uniqueid: 9.9"))
        assert heard.until(1)[0].get("Uniqueid") == "1.1"


def test_a_listeners_error_does_not_end_the_reading(asterisk: ManagerSide) -> None:
    heard = Heard()

    def listener(event: Packet) -> None:
        heard(event)
        raise RuntimeError("listener")

    with AmiConnection(account(asterisk), PATIENT, listener) as connection:
        asterisk.send(packet(Event="Hangup", Uniqueid="1.1") * 2)
        heard.until(2)
        assert connection.ask("Ping").name == "Success"


@pytest.mark.parametrize("junk", ["nonsense", "Event", "Response", "Event:X", "\x00\xff: y"])
def test_junk_between_packets_is_dropped(asterisk: ManagerSide, junk: str) -> None:
    with AmiConnection(account(asterisk), PATIENT) as connection:
        asterisk.send(f"{junk}\r\n\r\n")
        assert connection.ask("Ping").name == "Success"


@pytest.mark.parametrize("break_", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("place", ["action", "key", "value", "variable", "variable value"])
def test_line_breaks_are_refused_before_anything_is_sent(
    asterisk: ManagerSide, break_: str, place: str
) -> None:
    evil = f"x{break_}Action: Command"
    with AmiConnection(account(asterisk), PATIENT) as connection, pytest.raises(UnsafeHeader):
        connection.ask(
            evil if place == "action" else "Hangup",
            {evil if place == "key" else "Channel": evil if place == "value" else "1.1"},
            {evil if place == "variable" else "A": evil if place == "variable value" else "1"},
        )
    assert "Command" not in asterisk.raw


def test_an_answer_that_never_comes_is_a_time_out_and_a_late_one_is_dropped(asterisk: ManagerSide) -> None:
    asterisk.on("QueueStatus", silence)
    with connected(asterisk, Timings(answer=0.3)) as connection:
        with pytest.raises(AmiTimeout):
            connection.ask("QueueStatus")
        assert asterisk.wait_until(lambda: bool(asterisk.asked("QueueStatus")))
        late = asterisk.asked("QueueStatus")[0]["ActionID"]
        asterisk.send(packet(Response="Error", ActionID=late, Message="late"))

        def answered() -> str | None:
            try:
                return connection.ask("Ping").name
            except AmiTimeout:
                return None

        assert until(answered, what="an answer in time") == "Success"


def test_a_cut_connection_wakes_those_who_wait(asterisk: ManagerSide) -> None:
    asterisk.on("QueueStatus", silence)
    with AmiConnection(account(asterisk), PATIENT) as connection:
        threading.Thread(
            target=lambda: (asterisk.wait_until(lambda: bool(asterisk.asked("QueueStatus"))), asterisk.cut()),
            daemon=True,
        ).start()
        with pytest.raises(AmiLost):
            connection.ask("QueueStatus")
        assert connection.wait_closed(1)
        with pytest.raises(AmiLost):
            connection.ask("Ping")


def test_a_list_is_collected_up_to_its_end(asterisk: ManagerSide) -> None:
    def members(action: dict[str, str]) -> str:
        mine = action["ActionID"]
        return (
            packet(Response="Success", ActionID=mine, EventList="start")
            + packet(Event="QueueMember", ActionID=mine, Name="PJSIP/8001")
            + packet(Event="Hangup", Uniqueid="1.1")
            + packet(Event="QueueMember", ActionID=mine, Name="PJSIP/8002")
            + packet(Event="QueueStatusComplete", ActionID=mine, EventList="Complete")
        )

    asterisk.on("QueueStatus", members)
    with AmiConnection(account(asterisk), PATIENT) as connection:
        listed = connection.ask_list("QueueStatus")
    assert [entry.get("Name") for entry in listed] == ["PJSIP/8001", "PJSIP/8002"]


def test_answers_find_their_askers_from_many_threads(asterisk: ManagerSide) -> None:
    asterisk.on("Echo", lambda action: success(action)[:-2] + f"Said: {action['Say']}\r\n\r\n")
    wrong: list[str] = []

    def ask(connection: AmiConnection, name: int) -> None:
        sayings = [f"{name}-{n}" for n in range(50)]
        wrong.extend(say for say in sayings if connection.ask("Echo", {"Say": say}).get("Said") != say)

    with AmiConnection(account(asterisk), PATIENT) as connection:
        threads = [threading.Thread(target=ask, args=(connection, name)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(asterisk.asked("Echo")) == 400
