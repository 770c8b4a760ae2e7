"""Records the channel events of calls of every shape for `tests/unit/ivr/recorded/shapes`.

    python -m tests.telephony.record_shapes [NAME...]

A shape is played on a real Asterisk by people of the telephone network and by orders of `ivr.control`; what
Asterisk wrote meanwhile is the fixture. Record anew when the dialplan changes what it does with calls.
"""

import csv
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hotline.calls.ports import Meeting, Supervising
from ivr.control import AmiCallControl
from ivr.network import TelephoneNetwork
from ivr.pbx import Pbx, channel_events_file, prepare, seats_of
from tests.telephony.conftest import private_settings
from tests.telephony.shape_stage import (
    A_WHILE,
    CITIZEN,
    EXPERT,
    FIRST,
    OTHER_EXPERT,
    SECOND,
    THIRD,
    Stage,
    goes_silent_once,
    hangs_up_after,
    lets_pass,
    picks_up,
    picks_up_for,
    rings_on,
)
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

SHAPES = Path(__file__).parents[1] / "unit" / "ivr" / "recorded" / "shapes"

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


def taken_over(stage: Stage) -> None:
    stage.phone(FIRST, picks_up)
    stage.phone(THIRD, picks_up)
    stage.queue(FIRST)
    call = stage.call()
    legs = stage.talking()
    supervisor = "monitor-1.1"
    stage.control.ring_supervisor(THIRD, supervisor, legs, Supervising.JOIN)
    stage.bridged(legs.caller, legs.agent, supervisor)
    lets_pass(A_WHILE)
    stage.control.take_over(supervisor, legs)
    lets_pass(2 * A_WHILE)
    stage.control.hang_up(supervisor)
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
    taken_over,
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
