"""`hotline caller`: telephones in a terminal call the hotline, press keys, and are called."""

import queue
import re
import socket
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from hotline.cli.caller import Callers
from hotline.cli.main import main
from ivr.network import (
    PHONES_HOST,
    EndedBy,
    Line,
    NetworkCall,
    Script,
    TelephoneNetwork,
    hang_up_early,
)
from tests.ports import free_port
from tests.telephony.switchboard import Switchboard
from tests.waiting import until


class Terminal:
    """What a person types and reads."""

    def __init__(self, callers: Callers, told: "queue.Queue[str]") -> None:
        self._callers, self._told = callers, told

    def type(self, words: str) -> bool:
        return self._callers.obey(words)

    def read(self, pattern: str) -> re.Match[str]:
        """The next thing that is told; it has to look so."""
        told = self._told.get(timeout=30)
        found = re.search(pattern, told)
        assert found, told
        return found


@pytest.fixture
def terminal(switchboard: Switchboard) -> Terminal:
    told: queue.Queue[str] = queue.Queue()
    return Terminal(Callers(switchboard.settings, switchboard.network, told.put), told)


def test_a_citizen_calls_presses_a_key_and_hangs_up(switchboard: Switchboard, terminal: Terminal) -> None:
    before = switchboard.calls()
    assert terminal.type("call 13900001111")
    terminal.read(r"^a: 13900001111 calls 12345$")
    terminal.read(r"^a: connected$")
    linkedid = switchboard.new_call(before)
    terminal.type("a 5")
    terminal.type("a hang up")
    heard = terminal.read(r"^a: over, hung up; what was heard: (.+)$")[1]
    assert Path(heard).stat().st_size > 44
    until(lambda: any(event.kind == "CHAN_END" for event in switchboard.events(linkedid)))


def test_what_is_not_understood_is_said_and_changes_nothing(terminal: Terminal) -> None:
    for wrong in ("ring", "a 1", "call one two three", "b hang up"):
        assert terminal.type(wrong)
        terminal.read("not understood")
    assert terminal.type("dial 12345x")
    terminal.read("not a number")
    assert terminal.type("  ")
    assert not terminal.type("quit")


def test_a_call_that_is_refused_takes_no_name(terminal: Terminal) -> None:
    for how in ("dial 12345x", "busy abc", "away 12 ", "answers abc", "answers ８４１２０００４"):
        assert terminal.type(how)
        terminal.read("away$" if how.startswith("away") else "not a number")
    assert terminal.type("answers 84129999")
    terminal.read(r"^a: waits at 84129999$")


def test_there_are_more_telephones_than_letters(terminal: Terminal) -> None:
    for place in range(28):
        terminal.type(f"answers 8412{place:04}")
    names = [terminal.read(r"^(\w+): waits at")[1] for _ in range(28)]
    assert names[24:] == ["y", "z", "aa", "ab"]
    assert terminal.type("aa louder")
    terminal.read("^telephone aa can press keys")


def test_a_citizen_can_withhold_the_number(switchboard: Switchboard, terminal: Terminal) -> None:
    before = switchboard.calls()
    assert terminal.type("call anonymous")
    terminal.read(r"^a: anonymous calls 12345$")
    terminal.read(r"^a: connected$")
    switchboard.new_call(before)
    terminal.type("a hang up")
    terminal.read(r"^a: over, hung up")
    assert terminal.type("ring")
    terminal.read("call anonymous ")


class LateNetwork(TelephoneNetwork):
    """One whose calls are answered before it says that they are placed."""

    def dial(
        self, dialled: str, number: str, script: Script, caller_id: str | None = None, ring_seconds: int = 30
    ) -> NetworkCall:
        reached = threading.Event()

        def reach(line: Line) -> None:
            reached.set()
            script(line)

        call = super().dial(dialled, number, reach, caller_id, ring_seconds)
        assert reached.wait(30)
        time.sleep(0.5)  # more than a telephone takes to answer and say so
        return call


def test_a_call_is_told_before_what_comes_of_it(switchboard: Switchboard, tmp_path: Path) -> None:
    port = free_port(socket.SOCK_DGRAM, switchboard.settings.trunk_host, PHONES_HOST)
    settings = switchboard.settings.model_copy(update={"trunk_port": port})
    told: queue.Queue[str] = queue.Queue()
    with LateNetwork(settings, tmp_path / "network") as network:
        terminal = Terminal(Callers(settings, network, told.put), told)
        assert terminal.type("call anonymous")
        terminal.read(r"^a: anonymous calls 12345$")


def test_a_second_network_at_the_same_address_is_refused(switchboard: Switchboard) -> None:
    answer = CliRunner().invoke(main, ["caller"], input="quit\n", env=switchboard.settings.environment())
    assert answer.exit_code == 1
    assert "softphone that has it" in answer.output


def test_calls_of_an_earlier_network_in_the_same_folder_do_not_end_those_of_this_one(
    switchboard: Switchboard, tmp_path: Path
) -> None:
    port = free_port(socket.SOCK_DGRAM, switchboard.settings.trunk_host, PHONES_HOST)
    settings = switchboard.settings.model_copy(update={"trunk_port": port})
    left = tmp_path / "network" / "spool" / "outgoing_done" / "0001.call"
    left.parent.mkdir(parents=True)
    left.touch()
    with TelephoneNetwork(settings, tmp_path / "network") as network:
        call = network.citizen_calls("13900001112", hang_up_early(0.5))
        assert call.wait_ended(30) is EndedBy.US
