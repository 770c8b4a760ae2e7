"""Scripts that are there but fail: the dialplan goes on to a person, and a citizen hears a last word."""

import pytest

from ivr.network import Line, NetworkCall, Script, listen
from ivr.network.calls import EndedBy
from tests.telephony import broken_scripts
from tests.telephony.ami_tap import AmiTap
from tests.telephony.broken_scripts import Behaviour, serving
from tests.telephony.sounds import SAME, likeness
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CITIZENS = "138000043"
PATIENCE = 5
"""Seconds that the dialplan gives the script `intake`, see extensions.conf.j2."""


INTAKES = (
    broken_scripts.dies_at_once,
    broken_scripts.dies_in_the_middle,
    broken_scripts.dies_while_it_plays,
    broken_scripts.talks_nonsense,
    broken_scripts.never_answers,
)


@pytest.fixture(scope="module")
def calls(switchboard: Switchboard) -> dict[Behaviour, NetworkCall]:
    """One call for each way in which the script `intake` fails, at once; each stays until it is queued."""
    placed = {}

    def stays(number: str) -> Script:
        def script(line: Line) -> None:
            line.answer()
            line.wait_until(lambda: is_queued(switchboard, number), PATIENCE + 60)

        return script

    with serving(switchboard.settings.agi_port, *INTAKES) as met:
        for place, behaviour in enumerate(INTAKES):
            number = f"{CITIZENS}{place:02}"
            placed[behaviour] = switchboard.network.citizen_calls(number, stays(number))
            until(lambda expected=behaviour: expected in met, what="the call at the script's port")
        for call in placed.values():
            call.wait_ended(PATIENCE + 60)
    return placed


def is_queued(switchboard: Switchboard, number: str) -> bool:
    return any(event.number == number and event.application == "Queue" for event in switchboard.events())


@pytest.mark.parametrize("behaviour", INTAKES)
def test_the_caller_is_greeted_and_queued_whatever_the_script_does(
    switchboard: Switchboard, calls: dict[Behaviour, NetworkCall], behaviour: Behaviour
) -> None:
    call = calls[behaviour]
    assert call.ended_by is EndedBy.US
    assert likeness(call.heard, switchboard.prompt("greeting")) > SAME
    assert likeness(call.heard, switchboard.prompt("recording-notice")) > SAME


def _originate(switchboard: Switchboard, ami: AmiTap, number: str, channel_id: str) -> NetworkCall:
    citizen = switchboard.network.expect_callback(number, listen(60))
    ami.send(
        Action="Originate",
        Channel=f"PJSIP/{number}@trunk",
        ChannelId=channel_id,
        Context="follow-up",
        Exten="s",
        Priority="1",
        Variable="ATTEMPT=42",
        Timeout="30000",
        Async="true",
    )
    return citizen


def test_a_follow_up_without_its_script_apologises(switchboard: Switchboard, ami: AmiTap) -> None:
    citizen = _originate(switchboard, ami, "13700000001", "follow-up-42-1")
    assert citizen.wait_ended(60) is EndedBy.THEM
    assert likeness(citizen.heard, switchboard.prompt("follow-up-away")) > SAME
    finished = ami.wait_for("HotlineFollowUpFinished", "follow-up-42-1")
    assert finished["Attempt"] == "42"
    assert (switchboard.settings.spool_dir / finished["Folder"] / "caller.wav").exists()


@pytest.mark.parametrize("behaviour", [broken_scripts.dies_at_once, broken_scripts.dies_in_the_middle])
def test_a_follow_up_whose_script_dies_apologises(
    switchboard: Switchboard, ami: AmiTap, behaviour: Behaviour
) -> None:
    with serving(switchboard.settings.agi_port, behaviour):
        channel_id = f"follow-up-42-{behaviour.__name__}"
        citizen = _originate(switchboard, ami, "13700000002", channel_id)
        assert citizen.wait_ended(60) is EndedBy.THEM
    assert likeness(citizen.heard, switchboard.prompt("follow-up-away")) > SAME


def test_a_callback_that_nobody_picks_up_is_reported(switchboard: Switchboard, ami: AmiTap) -> None:
    ami.send(
        Action="Originate",
        Channel="PJSIP/13700000009@trunk",
        ChannelId="follow-up-nobody",
        Context="follow-up",
        Exten="s",
        Priority="1",
        Timeout="5000",
        Async="true",
        ActionID="nobody",
    )
    failures = lambda: [  # noqa: E731
        p for p in ami.packets if (p.get("Event"), p.get("ActionID")) == ("OriginateResponse", "nobody")
    ]
    [response] = until(failures, 20, "the outcome of the originate")
    assert response["Response"] == "Failure"
