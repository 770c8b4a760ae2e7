"""What breaks around a call, and comes back: nobody is cut off for it, and every call is accounted for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline import sweep
from hotline.calls.models import Call, CallEnd, CallState, OwedCallback, Seat, SeatState
from hotline.calls.models import Pbx as PbxRow
from hotline.calls.queries import board
from hotline.clock import SystemClock
from hotline.contacts.models import Contact
from hotline.context import Context
from hotline.database import Base, Database
from hotline.tickets.models import Ticket
from ivr.control import AmiCallControl
from ivr.network import NetworkCall, Phone, TelephoneNetwork, listen
from ivr.pbx import Pbx, prepare, seats_of
from tests.factories import City
from tests.postgres import Cluster
from tests.telephony.conftest import private_settings
from tests.telephony.ivr_process import running
from tests.telephony.severed_line import SeverableLine
from tests.telephony.signing_on import sign_on_when_there
from tests.telephony.sounds import shorten_greeting
from tests.telephony.switchboard import Switchboard
from tests.waiting import until

CALLERS = 50
AT_ONCE = 6
"""So many of them come in together: what this process does for all of them is not what is tested."""


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """Callers may wait for long."""
    settings = private_settings(tmp_path_factory.mktemp("fail"), queue_timeout_seconds=120, wrap_up_seconds=1)
    shorten_greeting(settings.state_dir)
    seats = tuple(seats_of(["1001"], settings.secrets.sip))
    with Pbx(prepare(settings, seats)) as pbx, TelephoneNetwork(settings) as network:
        yield Switchboard(settings, pbx, network, seats)


@dataclass
class Desk:
    """The hotline with one agent, whose telephone takes every call and listens."""

    switchboard: Switchboard
    context: Context
    city: City
    phone: Phone

    def citizen(self, number: str) -> NetworkCall:
        return self.switchboard.network.citizen_calls(number, listen())

    def states(self) -> dict[str, CallState]:
        """Each call's state by the caller's number."""
        with self.context.reading() as session:
            return dict(session.execute(select(Contact.number, Call.state).join(Call.contact)).all())

    def ends(self) -> dict[str, CallEnd | None]:
        with self.context.reading() as session:
            return dict(session.execute(select(Contact.number, Call.end).join(Call.contact)).all())

    def owed(self) -> set[str]:
        """Numbers that are owed a callback."""
        with self.context.reading() as session:
            return set(session.scalars(select(OwedCallback.number)))

    def seat(self) -> Seat | None:
        with self.context.reading() as session:
            return next(iter(board(session).seats), None)

    def count(self, entity: type[Base]) -> int:
        with self.context.reading() as session:
            return session.scalar(select(func.count()).select_from(entity)) or 0

    def ready(self) -> None:
        """The agent signs on as soon as the telephone is known to be there."""
        until(lambda: (seat := self.seat()) and seat.registered, what="the registration")
        sign_on_when_there(self.context.acting_as(self.city.agent), self.control, "1001")

    def hang_up(self, number: str) -> None:
        self.control.hang_up(self.linkedid(number))

    def linkedid(self, number: str) -> str:
        with self.context.reading() as session:
            calls = select(Call.linkedid).join(Call.contact)
            return session.scalars(calls.where(Contact.number == number)).one()

    @property
    def control(self) -> AmiCallControl:
        return AmiCallControl(self.switchboard.settings)

    def until_talking(self, number: str, seconds: float = 20) -> None:
        until(lambda: self.states().get(number) is CallState.TALKING, seconds, "the conversation")


@pytest.fixture
def desk(postgresql_database: Database, switchboard: Switchboard) -> Desk:
    context = Context(postgresql_database, SystemClock(), switchboard.settings)
    [seat] = switchboard.seats
    phone = switchboard.network.agent_phone(seat.extension, seat.password, listen())
    return Desk(switchboard, context, City.founded(context), phone)


@contextmanager
def sweeping(context: Context) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=sweep.run, args=(context, AmiCallControl(context.settings), stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def test_the_manager_interface_goes_away_while_people_talk(desk: Desk) -> None:
    settings = desk.switchboard.settings
    with SeverableLine(("127.0.0.1", settings.ami_port)) as line:
        behind_it = settings.model_copy(update={"ami_port": line.port})
        with sweeping(desk.context), running(replace(desk.context, settings=behind_it), desk.switchboard):
            desk.ready()
            first = desk.citizen("13800000001")
            desk.until_talking("13800000001")
            line.cut()
            desk.hang_up("13800000001")
            first.wait_ended(60)
            second = desk.citizen("13800000002")
            until(lambda: len(desk.phone.calls) == 2 and desk.phone.answered, 20, "an answer meanwhile")
            line.mend()
            desk.until_talking("13800000002")
            until(lambda: desk.ends()["13800000001"] is CallEnd.TALKED, 20, "the end of the first call")
            until(lambda: (seat := desk.seat()) and seat.state is SeatState.TALKING, 10, "a busy seat")
            desk.hang_up("13800000002")
            second.wait_ended(60)
            until(lambda: (seat := desk.seat()) and seat.state is SeatState.READY, 20, "the seat to be ready")
            until(lambda: desk.ends()["13800000002"], 20, "the end of the second call")


def test_the_database_goes_away_while_people_call(desk: Desk, postgres: Cluster) -> None:
    with running(desk.context, desk.switchboard):
        desk.ready()
        first = desk.citizen("13800000011")
        desk.until_talking("13800000011")
        linkedid = desk.linkedid("13800000011")
        with postgres.stopped():
            waiting = desk.citizen("13800000012")
            until(waiting.answered.is_set, 20, "an answer")
            desk.control.hang_up(linkedid)
            first.wait_ended(60)
            until(lambda: len(desk.phone.calls) == 2 and desk.phone.answered, 20, "an agent meanwhile")
        desk.until_talking("13800000012", 30)
        until(lambda: desk.ends()["13800000011"] is CallEnd.TALKED, 20, "the end of the first call")
        desk.hang_up("13800000012")
        waiting.wait_ended(60)
        until(lambda: desk.ends()["13800000012"] is CallEnd.TALKED, 20, "the end of the second call")
    assert desk.count(Call) == desk.count(Ticket) == 2


def test_asterisk_dies_under_fifty_calls(desk: Desk) -> None:
    with sweeping(desk.context), running(desk.context, desk.switchboard):
        desk.ready()
        desk.citizen("13800000000")
        desk.until_talking("13800000000")
        calls = []
        for number in range(1, CALLERS):
            calls.append(desk.citizen(f"139{number:08d}"))
            until(lambda: len(desk.states()) > len(calls) - AT_ONCE, 30, "the callers so far to be taken in")
        until(lambda: len(desk.states()) == CALLERS, 30, "all callers to wait")
        until(lambda: all(call.answered.is_set() for call in calls), 30, "all callers to be answered")
        there = {number for number, end in desk.ends().items() if end is None}
        assert len(there) > 0.9 * CALLERS  # a telephone may have lost its call on a machine that is too busy
        desk.switchboard.pbx.kill()
        desk.switchboard.pbx.start()
        cut_off = dict.fromkeys(there, CallEnd.CUT_OFF)
        until(lambda: cut_off.items() <= desk.ends().items(), 60, "an account of all calls")
        assert there <= desk.owed()
        last = desk.citizen("13700000001")
        desk.until_talking("13700000001", 40)
        desk.hang_up("13700000001")
        last.wait_ended(90)
        until(lambda: desk.ends()["13700000001"], 20, "the end of the last call")


def test_the_clock_jumps_back_during_a_call(desk: Desk) -> None:
    clock = JumpingClock()
    context = replace(desk.context, clock=clock)
    with sweeping(context), running(context, desk.switchboard):
        desk.ready()
        clock.ahead = timedelta(hours=2)
        call = desk.citizen("13800000021")
        desk.until_talking("13800000021")
        clock.ahead = timedelta(0)
        desk.hang_up("13800000021")
        call.wait_ended(60)
        until(lambda: (seat := desk.seat()) and seat.state is SeatState.READY, 20, "the seat to be ready")
        last = desk.citizen("13800000022")
        desk.until_talking("13800000022")
        desk.hang_up("13800000022")
        last.wait_ended(90)
        until(lambda: desk.ends()["13800000022"], 20, "the end of the last call")


def test_the_clock_jumps_ahead_during_a_call(desk: Desk) -> None:
    """By hours: no call, no seat and no Asterisk is given up for it, and no wrap-up is skipped or stuck.

    Numbers of its own: the end of a call of the test before may be told only now.
    """
    clock = JumpingClock()
    context = replace(desk.context, clock=clock)
    with sweeping(context), running(context, desk.switchboard):
        desk.ready()
        call = desk.citizen("13800000003")
        desk.until_talking("13800000003")
        clock.ahead = timedelta(hours=9)
        asked_at = context.now()
        until(lambda: _last_sign_of_life(context) > asked_at, 20, "signs of life by the new time")
        assert desk.states()["13800000003"] is CallState.TALKING
        assert (seat := desk.seat()) is not None
        assert seat.state is SeatState.TALKING
        desk.hang_up("13800000003")
        call.wait_ended(60)
        until(lambda: desk.ends()["13800000003"] is CallEnd.TALKED, 20, "the end of the call")
        until(lambda: (seat := desk.seat()) and seat.state is SeatState.READY, 20, "the seat to be ready")
        desk.citizen("13800000004")
        desk.until_talking("13800000004")
        desk.hang_up("13800000004")


def _last_sign_of_life(context: Context) -> datetime:
    with context.reading() as session:
        return session.scalars(select(PbxRow.seen_at)).one()


@dataclass
class JumpingClock:
    """The machine's clock, set wrong by `ahead`."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead
