"""An agent's line breaks in the middle of a talk: the caller hears music, and then an agent again."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ivr.network import EndedBy, Line, NetworkCall, Phone, Script, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.telephony.ami_tap import AmiTap
from tests.telephony.conftest import private_settings
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, shorten_greeting, tone_seconds
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND, THIRD = "1001", "1002", "1003"


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Lines are found broken soon here, and agents have little time to return."""
    settings = private_settings(
        tmp_path_factory.mktemp("broken"),
        queue_timeout_seconds=60,
        wrap_up_seconds=0,
        silent_leg_seconds=3,
        agent_return_seconds=5,
    )
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of([FIRST, SECOND, THIRD], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture
def queue() -> Iterator[ExitStack]:
    """Members of the queue for this test alone."""
    with ExitStack() as stack:
        yield stack


def plug_in(switchboard: Switchboard, extension: str, script: Script) -> Phone:
    [seat] = [seat for seat in switchboard.seats if seat.extension == extension]
    return switchboard.network.agent_phone(extension, seat.password, script)


def sign_on(switchboard: Switchboard, queue: ExitStack, *extensions: str) -> None:
    for extension in extensions:
        [seat] = [seat for seat in switchboard.seats if seat.extension == extension]
        queue.enter_context(switchboard.seat_in_queue(seat))


def test_the_same_agent_gets_the_call_back(
    switchboard: Switchboard, queue: ExitStack, ami: AmiTap, agent_tone: Path, citizen_tone: Path
) -> None:
    def agent(line: Line) -> None:
        line.answer()
        if len(phone.calls) == 1:
            line.listen(0.5)
            line.fall_silent()
        else:
            line.say(agent_tone)
        line.listen_to_the_end(60)

    def citizen(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: len(phone.calls) == 2 and phone.answered, 30)
        line.say(citizen_tone)

    phone = plug_in(switchboard, FIRST, agent)
    sign_on(switchboard, queue, FIRST)
    before = switchboard.calls()
    call = switchboard.network.citizen_calls("13800000001", citizen)
    linkedid = switchboard.new_call(before)
    assert call.wait_ended(40) is EndedBy.US
    assert [leg.wait_ended(10) for leg in phone.calls] == [EndedBy.THEM, EndedBy.THEM]
    assert tone_seconds(call.heard, AGENT_HZ) > 1.5
    assert tone_seconds(phone.calls[1].heard, CITIZEN_HZ) > 1.5
