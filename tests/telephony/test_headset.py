"""A native headset, as a real process on a sound card of pipes: it rings, talks, is heard, and comes back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline.calls.models import CallState, SeatState
from hotline.calls.queries import board
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from ivr.network import TelephoneNetwork, hang_up_early
from ivr.network.line import Line
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import PASSWORD, City
from tests.telephony.conftest import private_settings
from tests.telephony.headset_process import HeadsetProcess, PipeCard, serving
from tests.telephony.ivr_process import call_row, recording_row, running
from tests.telephony.sounds import AGENT_HZ, CITIZEN_HZ, tone_seconds, tone_seconds_so_far, write_tone
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

SEAT = "1001"
CITIZEN = "13800004321"
SAID_HZ = AGENT_HZ
RING_HZ = 450


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """The headset is the seat's only telephone: the seat is registered while its line is there."""
    folder = tmp_path_factory.mktemp("headset")
    settings = private_settings(folder, queue_timeout_seconds=60, wrap_up_seconds=0, agent_return_seconds=60)
    seats = tuple(seats_of([SEAT], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture
def context(sqlite_database: Database, switchboard: Switchboard) -> Context:
    return Context(sqlite_database, SystemClock(), switchboard.settings)


@pytest.fixture
def city(context: Context) -> City:
    return City.founded(context)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[PipeCard]:
    # A whole number of waves in every 20 ms, so that a frame more or less is not heard.
    with PipeCard(tmp_path, write_tone(tmp_path / "tone.wav", SAID_HZ, 1)) as card:
        yield card


@pytest.fixture
def start(
    tmp_path: Path, card: PipeCard, context: Context, city: City, switchboard: Switchboard
) -> Iterator[Callable[[], HeadsetProcess]]:
    """Starts the command; what still runs is killed at the end."""
    started: list[HeadsetProcess] = []
    with running(context, switchboard), serving(context) as address:

        def start() -> HeadsetProcess:
            started.append(HeadsetProcess(tmp_path, card, address, city.agent.name, PASSWORD))
            return started[-1]

        try:
            yield start
        finally:
            for headset in started:
                headset.end()
            until(lambda: not registered(context), what="the end of the line")
            switchboard.pbx.control(f"queue remove member Local/{SEAT}@headset/n from hotline")


@pytest.fixture
def headset(start: Callable[[], HeadsetProcess]) -> HeadsetProcess:
    return start()


def seat_state(context: Context) -> SeatState | None:
    with context.reading() as session:
        return next((seat.state for seat in board(session).seats if seat.extension == SEAT), None)


def registered(context: Context) -> bool:
    with context.reading() as session:
        return any(seat.registered for seat in board(session).seats if seat.extension == SEAT)


def test_devices_that_sound_are_remembered(headset: HeadsetProcess, tmp_path: Path) -> None:
    headset.until("idle", 20)
    kept = json.loads((tmp_path / "minsheng" / "headset.json").read_text())
    assert (kept["microphone"], kept["loudspeaker"]) == ("microphone", "loudspeaker")


def test_a_headset_rings_talks_and_is_heard_as_nobody_else(
    switchboard: Switchboard, context: Context, headset: HeadsetProcess, card: PipeCard, citizen_tone: Path
) -> None:
    headset.until("idle", 20)
    until(lambda: registered(context) and seat_state(context) is SeatState.READY, what="a ready seat")
    before, over = switchboard.calls(), list[bool]()

    def speak(line: Line) -> None:
        line.answer()
        while not over:
            line.say(citizen_tone)

    call = switchboard.network.citizen_calls(CITIZEN, speak)
    headset.until("ringing", 20)
    linkedid = switchboard.new_call(before)
    until(lambda: tone_seconds(card.heard, RING_HZ) > 0.2, what="the ring")
    headset.press("answer")
    headset.until("talking")
    row = until(lambda: (found := call_row(context, linkedid)) and found.state is CallState.TALKING and found)
    assert row.legs[-1].channel.startswith(f"Local/{SEAT}@headset-")
    track = until(lambda: next(switchboard.folder(linkedid).glob("agent-*.wav"), None), what="the track")
    until(lambda: tone_seconds_so_far(track, SAID_HZ) > 1, what="a second of the agent's voice")
    until(lambda: tone_seconds(card.heard, CITIZEN_HZ) > 1, what="a second of the citizen's voice")
    headset.press("mute")
    headset.until("talking muted")
    over.append(True)
    call.wait_ended(60)
    headset.until("idle")
    until(lambda: recording_row(context, linkedid), what="the recording")
    folder = switchboard.folder(linkedid)
    assert tone_seconds(track, SAID_HZ) > 1
    assert tone_seconds(track, CITIZEN_HZ) == 0
    assert tone_seconds(folder / "caller.wav", SAID_HZ) == 0
    assert tone_seconds(call.heard, SAID_HZ) > 1
    assert headset.quit() == 0
    until(lambda: not registered(context), what="an unregistered seat")
    assert tone_seconds(card.heard, CITIZEN_HZ) > 1


def test_a_headset_that_hangs_loses_its_line_and_comes_back_by_itself(
    switchboard: Switchboard, context: Context, headset: HeadsetProcess
) -> None:
    headset.until("idle", 20)
    until(lambda: registered(context) and seat_state(context) is SeatState.READY, what="a ready seat")
    headset.freeze()
    call = switchboard.network.citizen_calls(CITIZEN, hang_up_early(20))
    until(lambda: not registered(context), 20, "a seat that cannot be reached")
    until(lambda: "Local/" not in switchboard.pbx.control("core show channels concise"))
    headset.thaw()
    headset.until("idle", 20)
    until(lambda: registered(context), what="the seat's return")
    headset.kill()
    until(lambda: not registered(context), what="the end of the line")
    call.wait_ended(90)


def test_a_headset_that_dies_in_a_call_gets_its_citizen_back(
    switchboard: Switchboard, context: Context, start: Callable[[], HeadsetProcess]
) -> None:
    headset, over = start(), list[bool]()
    headset.until("idle", 20)
    until(lambda: registered(context) and seat_state(context) is SeatState.READY, what="a ready seat")

    def stay(line: Line) -> None:
        line.answer()
        line.wait_until(lambda: bool(over), 60)

    call = switchboard.network.citizen_calls(CITIZEN, stay)
    headset.until("ringing", 20)
    headset.press("answer")
    headset.until("talking")
    headset.kill()
    again = start()
    again.until("ringing", 20)
    again.press("answer")
    again.until("talking")
    again.press("hang up")
    again.until("idle")
    over.append(True)
    call.wait_ended(90)
