"""Records the channel events of calls of every shape for `tests/unit/ivr/recorded/shapes`.

    python -m tests.telephony.record_shapes [NAME...]

A shape is played on a real Asterisk by people of the telephone network and by orders of `ivr.control`; what
Asterisk wrote meanwhile is the fixture. Record anew when the dialplan changes what it does with calls.
"""

import csv
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hotline.calls.ports import Legs, Meeting, Supervising, ThirdParty
from ivr.ami.client import AmiConnection
from ivr.ami.lists import listed_channels
from ivr.control import AmiCallControl, ami_account
from ivr.network import Line, NetworkCall, Script, TelephoneNetwork
from ivr.pbx import Pbx, channel_events_file, prepare, seats_of
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

SHAPES = Path(__file__).parents[1] / "unit" / "ivr" / "recorded" / "shapes"
CITIZEN, EXPERT, OTHER_EXPERT = "13800000001", "66660001", "66660002"
FIRST, SECOND, THIRD = "1001", "1002", "1003"
A_WHILE = 1.0
"""Seconds of each thing that people do: long enough to be told from a moment."""


@dataclass
class Stage:
    """Two PBXs with three agents' phones, and the orders that can be given."""

    switchboard: Switchboard
    control: AmiCallControl

    def phone(self, extension: str, script: Script) -> list[NetworkCall]:
        [seat] = [seat for seat in self.switchboard.seats if seat.extension == extension]
        phone = self.switchboard.network.agent_phone(extension, seat.password, script)
        return phone.calls

    def queue(self, *extensions: str) -> None:
        for extension in extensions:
            self.switchboard.pbx.control(f"queue add member PJSIP/desk-{extension} to hotline")

    def call(self, script: Script | None = None) -> NetworkCall:
        return self.switchboard.network.citizen_calls(CITIZEN, script or holds_the_line)

    def channel(self, prefix: str) -> str:
        """Name of the one living channel of a telephone that is answered."""

        def found() -> str | None:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                up = [c.get("Channel") for c in listed_channels(asterisk) if c.get("ChannelState") == "6"]
            return next((name for name in up if name.startswith(prefix)), None)

        return until(found, 20, f"a channel {prefix}")

    def legs(self, agent: str = FIRST) -> Legs:
        return Legs(self.uniqueid("PJSIP/trunk-"), self.uniqueid(f"PJSIP/desk-{agent}-"))

    def uniqueid(self, prefix: str) -> str:
        def found() -> str | None:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                channels = listed_channels(asterisk)
            return next((c.get("Uniqueid") for c in channels if c.get("Channel").startswith(prefix)), None)

        return until(found, 20, f"a channel {prefix}")

    def talking(self) -> Legs:
        """Caller and the first agent have talked for a while."""
        legs = self.legs()
        self.bridged(legs.caller, legs.agent)
        lets_pass(A_WHILE)
        return legs

    def bridged(self, *uniqueids: str) -> None:
        """These channels are in one bridge."""

        def together() -> bool:
            with AmiConnection(ami_account(self.switchboard.settings)) as asterisk:
                bridges = {c.get("Uniqueid"): c.get("BridgeId") for c in listed_channels(asterisk)}
            ids = {bridges.get(uniqueid) for uniqueid in uniqueids}
            return len(ids) == 1 and bool(ids.pop())

        until(together, 20, "people to be together")

    def third(self, legs: Legs, meeting: Meeting, number: str = "", extension: str = "") -> str:
        name = f"third-{secrets.token_hex(4)}"
        self.control.ring_third(legs, ThirdParty(name, meeting, number, extension))
        return name

    def expert(self, number: str, script: Script | None = None) -> NetworkCall:
        return self.switchboard.network.expect_callback(number, script or picks_up)

    def ends(self, *calls: NetworkCall) -> None:
        for call in calls:
            call.wait_ended(60)


def lets_pass(seconds: float) -> None:
    """Time in which people talk: the fixture's own, nothing is waited for."""
    time.sleep(seconds)


def holds_the_line(line: Line) -> None:
    line.answer()
    line.listen_to_the_end(120)


def hangs_up_after(seconds: float) -> Script:
    def script(line: Line) -> None:
        line.answer()
        line.listen(seconds)

    return script


def picks_up(line: Line) -> None:
    line.ring(0.3)
    line.answer()
    line.listen_to_the_end(120)


def picks_up_for(seconds: float) -> Script:
    def script(line: Line) -> None:
        line.ring(0.3)
        line.answer()
        line.listen(seconds)

    return script


def rings_on(line: Line) -> None:
    line.ring(60)


def goes_silent_once(then: Script, talks: float = 0.5) -> Script:
    """A telephone whose first call loses its audio after `talks` seconds; with later ones it does `then`."""
    calls: list[Line] = []

    def script(line: Line) -> None:
        calls.append(line)
        if len(calls) > 1:
            then(line)
            return
        line.answer()
        line.listen(talks)
        line.fall_silent()
        line.listen_to_the_end(60)

    return script


Shape = Callable[[Stage], None]


def plain_caller_hangs_up(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.ends(stage.call(hangs_up_after(3)))


def plain_agent_hangs_up(stage: Stage) -> None:
    stage.phone(FIRST, picks_up_for(A_WHILE))
    stage.queue(FIRST)
    stage.ends(stage.call())


def abandoned(stage: Stage) -> None:
    stage.ends(stage.call(hangs_up_after(2)))


def rang_out_then_second(stage: Stage) -> None:
    stage.phone(FIRST, rings_on)
    stage.queue(FIRST)
    stage.phone(SECOND, picks_up_for(A_WHILE))
    call = stage.call()
    stage.uniqueid(f"PJSIP/desk-{FIRST}-")
    stage.queue(SECOND)
    stage.ends(call)


def hold_and_resume(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    call = stage.call()
    legs = stage.talking()
    stage.control.hold(legs)
    lets_pass(2 * A_WHILE)
    stage.control.resume(legs)
    stage.bridged(legs.caller, legs.agent)
    lets_pass(A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def three_way_expert_leaves(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    expert = stage.expert(EXPERT, picks_up_for(2))
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.JOIN, EXPERT)
    stage.bridged(legs.caller, legs.agent, third)
    expert.wait_ended(30)
    lets_pass(A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def agent_leaves_the_two(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.JOIN, EXPERT)
    stage.bridged(legs.caller, legs.agent, third)
    lets_pass(A_WHILE)
    stage.control.leave(legs)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(third)
    stage.ends(call)


def consult_and_return(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.CONSULT, EXPERT)
    stage.bridged(legs.agent, third)
    lets_pass(2 * A_WHILE)
    stage.control.resume(legs)
    stage.bridged(legs.caller, legs.agent)
    lets_pass(A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def consult_and_transfer(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.CONSULT, EXPERT)
    stage.bridged(legs.agent, third)
    lets_pass(A_WHILE)
    stage.control.hand_over(legs, third)
    stage.bridged(legs.caller, third)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(third)
    stage.ends(call)


def consult_and_join(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.CONSULT, EXPERT)
    stage.bridged(legs.agent, third)
    lets_pass(A_WHILE)
    stage.control.join(legs, [third])
    stage.bridged(legs.caller, legs.agent, third)
    lets_pass(A_WHILE)
    stage.control.hang_up(third)
    lets_pass(A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def transfer_to_agent(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.phone(SECOND, picks_up)
    stage.queue(FIRST)
    call = stage.call()
    legs = stage.talking()
    second = stage.third(legs, Meeting.TRANSFER, extension=SECOND)
    stage.bridged(legs.caller, second)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(second)
    stage.ends(call)


def transfer_to_department(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    call = stage.call()
    legs = stage.talking()
    third = stage.third(legs, Meeting.TRANSFER, EXPERT)
    stage.bridged(legs.caller, third)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(third)
    stage.ends(call)


def transfer_to_queue(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.phone(SECOND, picks_up_for(2 * A_WHILE))
    stage.queue(FIRST)
    call = stage.call()
    legs = stage.talking()
    stage.switchboard.pbx.control(f"queue remove member PJSIP/desk-{FIRST} from hotline")
    stage.queue(SECOND)
    stage.control.to_queue(legs)
    stage.ends(call)


def broken_and_returned(stage: Stage) -> None:
    stage.phone(FIRST, goes_silent_once(picks_up_for(A_WHILE)))
    stage.queue(FIRST)
    stage.ends(stage.call())


def broken_and_another(stage: Stage) -> None:
    stage.phone(FIRST, goes_silent_once(rings_on))
    stage.phone(SECOND, picks_up_for(A_WHILE))
    stage.queue(FIRST)
    call = stage.call()
    stage.talking()
    stage.queue(SECOND)
    stage.ends(call)


def conference_of_four(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.expert(EXPERT)
    stage.expert(OTHER_EXPERT)
    call = stage.call()
    legs = stage.talking()
    one = stage.third(legs, Meeting.JOIN, EXPERT)
    stage.bridged(legs.caller, legs.agent, one)
    other = stage.third(legs, Meeting.JOIN, OTHER_EXPERT)
    stage.bridged(legs.caller, legs.agent, one, other)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(one)
    lets_pass(A_WHILE)
    stage.control.hang_up(other)
    lets_pass(A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def follow_up(stage: Stage) -> None:
    call = stage.switchboard.network.expect_callback(CITIZEN, picks_up)
    stage.control.call_citizen(CITIZEN, 1, "follow-up-1-abc")
    stage.ends(call)


def broken_on_hold(stage: Stage) -> None:
    stage.phone(FIRST, goes_silent_once(picks_up_for(A_WHILE), talks=2))
    stage.queue(FIRST)
    call = stage.call()
    stage.control.hold(stage.talking())
    stage.ends(call)


def broken_in_three_way(stage: Stage) -> None:
    stage.phone(FIRST, goes_silent_once(picks_up_for(A_WHILE), talks=3))
    stage.queue(FIRST)
    stage.expert(EXPERT, picks_up_for(8))
    call = stage.call()
    stage.third(stage.talking(), Meeting.JOIN, EXPERT)
    stage.ends(call)


def relay(stage: Stage) -> None:
    department = stage.expert(EXPERT, picks_up)
    citizen = stage.expert(CITIZEN, picks_up_for(12))
    stage.control.relay(EXPERT, CITIZEN, 1, "relay-abc")
    stage.ends(citizen, department)


def killed(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.queue(FIRST)
    stage.call()
    stage.talking()


def supervised(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.phone(THIRD, picks_up)
    stage.queue(FIRST)
    call = stage.call()
    legs = stage.talking()
    stage.control.ring_supervisor(THIRD, "monitor-1.1", legs, Supervising.LISTEN)
    stage.channel(f"PJSIP/desk-{THIRD}-")
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(legs.agent)
    stage.ends(call)


def message_box(stage: Stage) -> None:
    stage.ends(stage.call(hangs_up_after(14)))


PLAYED: tuple[Shape, ...] = (
    plain_caller_hangs_up,
    plain_agent_hangs_up,
    abandoned,
    rang_out_then_second,
    hold_and_resume,
    three_way_expert_leaves,
    agent_leaves_the_two,
    consult_and_return,
    consult_and_transfer,
    consult_and_join,
    transfer_to_agent,
    transfer_to_department,
    transfer_to_queue,
    broken_and_returned,
    broken_and_another,
    conference_of_four,
    broken_on_hold,
    broken_in_three_way,
    relay,
    follow_up,
    killed,
    supervised,
    message_box,
)


def record(names: list[str]) -> None:
    """Play the shapes one after another, each in a PBX of its own that begins from nothing."""
    SHAPES.mkdir(parents=True, exist_ok=True)
    for shape in PLAYED:
        if not names or shape.__name__ in names:
            rows = play(shape)
            with (SHAPES / f"{shape.__name__}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
            sys.stdout.write(f"{shape.__name__}: {len(rows)} events\n")


def play(shape: Shape) -> list[list[str]]:
    """What Asterisk wrote while the shape was played."""
    with tempfile.TemporaryDirectory(prefix="shape") as folder:
        settings = private_settings(
            Path(folder),
            queue_timeout_seconds=20 if shape is not message_box else 5,
            wrap_up_seconds=0,
            silent_leg_seconds=3,
            agent_return_seconds=3,
            satisfaction_by_key=False,
        )
        shorten_greeting(settings.state_dir)
        seats = tuple(seats_of([FIRST, SECOND, THIRD], settings.secrets.sip))
        with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
            stage = Stage(Switchboard(settings, pbx, network, seats), AmiCallControl(settings))
            shape(stage)
            if shape is killed:
                assert pbx._process is not None
                pbx._process.kill()
                pbx._process.wait()
            else:
                until(lambda: pbx.control("core show channels count").startswith("0 active"), 20)
        with channel_events_file(settings).open(newline="", encoding="utf-8") as file:
            return list(csv.reader(file))


if __name__ == "__main__":
    record(sys.argv[1:])
