"""The agent has hung up: one key says how the caller was served, with and without our scripts."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hotline.calls.models import CallEnd
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from ivr.network import EndedBy, Line, NetworkCall, Phone, Script, TelephoneNetwork
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import call_row, running
from tests.telephony.sounds import SAME, likeness, shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

FIRST, SECOND = "1001", "1002"


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    settings = private_settings(
        tmp_path_factory.mktemp("after"),
        queue_timeout_seconds=60,
        wrap_up_seconds=0,
        satisfaction_by_key=True,
    )
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of([FIRST, SECOND], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@pytest.fixture
def context(switchboard: Switchboard, sqlite_database: Database) -> Context:
    found = Context(sqlite_database, SystemClock(), switchboard.settings)
    City.founded(found)
    return found


@pytest.fixture
def phones(switchboard: Switchboard) -> Iterator[list[Phone]]:
    """Two agents, each of whom hangs up after a moment."""

    def agent(line: Line) -> None:
        line.answer()
        line.listen(0.5)

    with ExitStack() as stack:
        found = []
        for seat in switchboard.seats:
            found.append(switchboard.network.agent_phone(seat.extension, seat.password, agent))
            stack.enter_context(switchboard.seat_in_queue(seat))
        yield found


def presses(switchboard: Switchboard, number: str, *keys: str) -> Script:
    """A citizen who is asked once their agent has gone, and presses these keys one after another, the first
    as soon as something is said."""

    def agent_has_gone() -> bool:
        events = switchboard.events(linkedid_of(switchboard, number))
        return any(event.kind == "HANGUP" and "desk" in event.channel for event in events)

    def script(line: Line) -> None:
        line.answer()
        line.wait_until(agent_has_gone, 60)
        line.hear_voice()
        for key in keys:
            line.press(key)
            line.listen(1.2)
        line.listen_to_the_end(40)

    return script


def linkedid_of(switchboard: Switchboard, number: str) -> str:
    return next((event.linkedid for event in switchboard.events() if event.number == number), "")


def outcome_of(
    switchboard: Switchboard, context: Context, number: str
) -> tuple[CallEnd | None, int | None] | None:
    """How the call of this number ended, and its rating; None until it is over."""
    row = call_row(context, linkedid_of(switchboard, number))
    return (row.end, row.rating) if row and row.end else None


def test_without_scripts_the_key_is_found_afterwards(
    switchboard: Switchboard, context: Context, phones: list[Phone]
) -> None:
    keys = {"13800000011": "4", "13800000012": "9"}
    calls: dict[str, NetworkCall] = {
        number: switchboard.network.citizen_calls(number, presses(switchboard, number, key))
        for number, key in keys.items()
    }
    for call in calls.values():
        assert call.wait_ended(60) is EndedBy.THEM
    assert likeness(calls["13800000011"].heard, switchboard.prompt("thanks")) > SAME
    assert likeness(calls["13800000012"].heard, switchboard.prompt("thanks")) > SAME
    with running(context, switchboard):
        until(lambda: all(outcome_of(switchboard, context, number) for number in keys), what="their ends")
        assert outcome_of(switchboard, context, "13800000011") == (CallEnd.TALKED, 4)
        assert outcome_of(switchboard, context, "13800000012") == (CallEnd.TALKED, None)


def test_the_script_asks_again_after_a_wrong_key(
    switchboard: Switchboard, context: Context, phones: list[Phone]
) -> None:
    with running(context, switchboard):
        call = switchboard.network.citizen_calls("13800000013", presses(switchboard, "13800000013", "7", "2"))
        assert call.wait_ended(60) is EndedBy.THEM
        until(lambda: outcome_of(switchboard, context, "13800000013"), what="its end")
    assert outcome_of(switchboard, context, "13800000013") == (CallEnd.TALKED, 2)
    assert likeness(call.heard, switchboard.prompt("invalid-key")) > SAME
    events = switchboard.events(linkedid_of(switchboard, "13800000013"))
    assert [e.extra for e in events if e.kind == "SATISFACTION"] == ['{"extra":"2"}']
