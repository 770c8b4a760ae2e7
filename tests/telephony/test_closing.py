"""The hotline is stopped while people are on the telephone: they are waited for, or called back."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from hotline.callbacks.service import take_turns
from hotline.calls.machines import pbxs_closing
from hotline.calls.models import Call, CallbackReason, CallbackState, CallEnd, CallState, OwedCallback
from hotline.calls.seats import sign_on
from hotline.cli.down import let_calls_end
from hotline.clock import SystemClock
from hotline.context import Context
from hotline.database import Database
from ivr.control import AmiCallControl
from ivr.control.closing import ClosingOrders, GoingOn
from ivr.network import NetworkCall, TelephoneNetwork, listen
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import running
from tests.telephony.sounds import SAME, likeness, shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

TALKING, WAITING, NEW = "13800000001", "13800000002", "13800000003"


@pytest.fixture
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """For one test: its Asterisk is stopped."""
    settings = private_settings(
        tmp_path_factory.mktemp("down"),
        queue_timeout_seconds=120,
        wrap_up_seconds=1,
        callback_delay_seconds=0,
    )
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@dataclass
class Hotline:
    """One agent at a desk phone."""

    switchboard: Switchboard
    context: Context
    sentences: list[str] = field(default_factory=list)

    @property
    def closing(self) -> ClosingOrders:
        return ClosingOrders(self.switchboard.settings)

    def citizen(self, number: str) -> NetworkCall:
        return self.switchboard.network.citizen_calls(number, listen())

    def calls(self) -> dict[str, Call]:
        with self.context.reading() as session:
            calls = session.scalars(select(Call).order_by(Call.id))
            return {call.contact.number: call for call in calls}

    def until_state(self, number: str, state: CallState) -> None:
        until(lambda: (call := self.calls().get(number)) and call.state is state, 20, f"the state {state}")

    def one_talks_and_one_waits(self) -> list[NetworkCall]:
        first = self.citizen(TALKING)
        self.until_state(TALKING, CallState.TALKING)
        second = self.citizen(WAITING)
        self.until_state(WAITING, CallState.WAITING)
        return [first, second]

    def owed(self) -> dict[str, CallbackReason]:
        with self.context.reading() as session:
            return {one.number: one.reason for one in session.scalars(select(OwedCallback))}

    def waits_to_end(self) -> threading.Thread:
        end = threading.Thread(target=let_calls_end, args=(self.closing, 60, self.sentences.append, False))
        end.start()
        until(lambda: len(self.sentences) == 2, what="what is waited for")
        return end

    def places_owed_callbacks(self) -> bool:
        return take_turns(self.context, AmiCallControl(self.context.settings)) > 0

    def owes_nothing(self) -> bool:
        with self.context.reading() as session:
            states = set(session.scalars(select(OwedCallback.state)))
        return states == {CallbackState.DONE}

    def told(self) -> list[int]:
        """How many calls the console says to go on, of each Asterisk that is about to be stopped."""
        with self.context.reading() as session:
            return [pbx.going_on for pbx in pbxs_closing(session, self.context)]

    def hang_up(self, number: str) -> None:
        AmiCallControl(self.switchboard.settings).hang_up(self.calls()[number].linkedid)


@pytest.fixture
def hotline(sqlite_database: Database, switchboard: Switchboard) -> Hotline:
    context = Context(sqlite_database, SystemClock(), switchboard.settings)
    city = City.founded(context)
    [seat] = switchboard.seats
    switchboard.network.agent_phone(seat.extension, seat.password, listen())
    with running(context, switchboard):
        until(lambda: "Avail" in switchboard.pbx.control("pjsip show contacts"), what="the registration")
        sign_on(context.acting_as(city.agent), AmiCallControl(context.settings), "1001")
    return Hotline(switchboard, context)


def test_who_is_there_is_waited_for_and_who_comes_is_promised_a_callback(hotline: Hotline) -> None:
    with running(hotline.context, hotline.switchboard):
        hotline.one_talks_and_one_waits()
        assert hotline.closing.going_on() == GoingOn(talking=1, others=1)
        end = hotline.waits_to_end()
        variable = "dialplan show globals"
        until(lambda: "CLOSING=1" in hotline.switchboard.pbx.control(variable), what="no new calls")
        new = hotline.citizen(NEW)
        hotline.hang_up(TALKING)
        hotline.until_state(WAITING, CallState.TALKING)
        new.wait_ended(60)
        assert likeness(new.heard, hotline.switchboard.prompt("closing")) > SAME
        hotline.hang_up(WAITING)
        end.join(20)
        assert not end.is_alive()
        assert hotline.closing.going_on() == GoingOn()
        until(
            lambda: hotline.owed() == {NEW: CallbackReason.UNANSWERED}, what="the callback that was promised"
        )
    assert "1 talking, 1 waiting" in hotline.sentences[0]
    assert "callers are promised a callback" in hotline.sentences[1]
    assert not any("cut off" in sentence for sentence in hotline.sentences[1:])


def test_a_callback_in_the_line_is_not_dialled_while_it_waits_and_stays_owed(hotline: Hotline) -> None:
    """It stood before somebody who is still served; after the next start it stands in the line again."""
    pbx, rung = hotline.switchboard.pbx, hotline.switchboard.network.answers(WAITING, listen())
    with running(hotline.context, hotline.switchboard):
        hotline.one_talks_and_one_waits()
        hotline.hang_up(WAITING)
        until(hotline.places_owed_callbacks, 20, "the callback's turn")
        until(lambda: hotline.calls()[WAITING].outgoing, what="the callback's call")
        hotline.until_state(WAITING, CallState.WAITING)
        hotline.citizen(NEW)
        hotline.until_state(NEW, CallState.WAITING)
        end = hotline.waits_to_end()
        hotline.until_state(WAITING, CallState.ENDED)
        hotline.hang_up(TALKING)
        hotline.until_state(NEW, CallState.TALKING)
        hotline.hang_up(NEW)
        end.join(20)
        assert not end.is_alive()
        assert not hotline.places_owed_callbacks()
        assert (rung, hotline.owed()) == ([], {WAITING: CallbackReason.ABANDONED})
        pbx.stop()
    pbx.start()
    with running(hotline.context, hotline.switchboard):
        until(hotline.places_owed_callbacks, 90, "the callback's next turn")
        until(lambda: bool(rung), 30, "the callback")
        until(hotline.owes_nothing, 20, "what came of it")


def test_the_console_is_told_while_it_waits_and_no_longer(hotline: Hotline) -> None:
    """Of the calls, as they end; not after Ctrl+C, and not long after it was killed."""
    stopped = threading.Event()

    def say(sentence: str) -> None:
        hotline.sentences.append(sentence)
        if stopped.is_set():
            raise KeyboardInterrupt

    def wait() -> None:
        with pytest.raises(KeyboardInterrupt):
            let_calls_end(hotline.closing, 120, say, False)

    with running(hotline.context, hotline.switchboard):
        hotline.one_talks_and_one_waits()
        waiting = threading.Thread(target=wait)
        waiting.start()
        until(lambda: hotline.told() == [2], 20, "two calls")
        hotline.hang_up(WAITING)
        until(lambda: hotline.told() == [1], 20, "one call")
        stopped.set()
        hotline.citizen(NEW)  # of whom it says so, and is interrupted
        waiting.join(20)
        until(lambda: hotline.told() == [], 8, "nothing after Ctrl+C")
        hotline.closing.take_no_more()
        until(lambda: hotline.told() != [], 8, "the second time")
        until(lambda: hotline.told() == [], 20, "nothing of one that was killed")


def test_a_wait_that_was_killed_is_forgotten(hotline: Hotline) -> None:
    """As by a terminal that is gone: the hotline takes calls again."""
    with running(hotline.context, hotline.switchboard):
        hotline.switchboard.pbx.control(f"dialplan set global CLOSING {int(time.time()) - 1}")
        hotline.citizen(NEW)
        hotline.until_state(NEW, CallState.TALKING)
        hotline.hang_up(NEW)


@pytest.mark.parametrize("followed", [True, False], ids=["followed live", "found afterwards"])
def test_calls_that_end_with_asterisk_are_cut_off_and_owed_a_callback(
    hotline: Hotline, followed: bool
) -> None:
    pbx = hotline.switchboard.pbx
    with running(hotline.context, hotline.switchboard):
        calls = hotline.one_talks_and_one_waits()
        let_calls_end(hotline.closing, 0, hotline.sentences.append, False)
        if followed:
            pbx.stop()
            hotline.until_state(TALKING, CallState.ENDED)
    pbx.stop()
    for call in calls:
        call.wait_ended(20)
    pbx.start()
    with running(hotline.context, hotline.switchboard):
        for number in (TALKING, WAITING):
            hotline.until_state(number, CallState.ENDED)
    assert {call.end for call in hotline.calls().values()} == {CallEnd.CUT_OFF}
    assert hotline.owed() == dict.fromkeys((TALKING, WAITING), CallbackReason.CUT_OFF)
    assert hotline.sentences == ["Ended with the hotline: 2, each cut off and owed a callback."]
